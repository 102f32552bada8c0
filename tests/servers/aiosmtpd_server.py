"""aiosmtpd as a test server: `aiosmtpd_server.py DIR`, until it is ended by a signal.

Ports: MX_PORT (STARTTLS), TLS_PORT (TLS at once), both with AUTH LOGIN and PLAIN, alice with wonderland.
A recipient whose local part is `nobody-here` is refused. Received mail: DIR/mail/N.eml, N.json has the envelope.
"""

import json
import os
import signal
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder = sys.argv[1]
os.makedirs(f"{folder}/mail", exist_ok=True)
tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain(f"{folder}/tls/chain.pem", f"{folder}/tls/key.pem")


class Keep:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody-here@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        Keep.count += 1
        with open(f"{folder}/mail/{Keep.count}.eml", "wb") as file:
            file.write(envelope.original_content)
        with open(f"{folder}/mail/{Keep.count}.json", "w") as file:
            json.dump({"from": envelope.mail_from, "to": envelope.rcpt_tos, "utf8": envelope.smtp_utf8,
                       "secured": bool(session.ssl), "login": str(session.auth_data)}, file)
        return "250 2.0.0 kept"


def check(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"alice", b"wonderland")
    # Not handled: the 535 is aiosmtpd's to say.
    return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)


class OnPort(Controller):
    def __init__(self, port, at_once):
        self.at_once = at_once
        super().__init__(Keep(), hostname="127.0.0.1", port=port, ssl_context=tls if at_once else None)

    def factory(self):
        return SMTP(self.handler, hostname="mail.test", enable_SMTPUTF8=True, data_size_limit=300 << 20,
                    authenticator=check, auth_require_tls=not self.at_once,
                    tls_context=None if self.at_once else tls)


servers = [OnPort(int(os.environ["MX_PORT"]), False), OnPort(int(os.environ["TLS_PORT"]), True)]
for server in servers:
    server.start()
signal.sigwait({signal.SIGTERM, signal.SIGINT})
os._exit(0)
