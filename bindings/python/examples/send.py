"""Sends one mail with an attachment; a refused recipient is said, and the others get it.

SMTP_PASSWORD=… python send.py HOST PORT USER FROM TO [TO…]
"""

import os
import sys

from smtp_transporter import Attachment, Host, Mail, SendError, Server

server, port, user, sender, *to = sys.argv[1:]
host = Host(log_folder=os.environ.get("LOG_FOLDER", "logs"))
host.set_log(1)
with host.transporter(Server(server, int(port), user=user, password=os.environ["SMTP_PASSWORD"])) as transporter:
    try:
        receipt = transporter.send(
            Mail(
                from_=sender,
                to=to,
                subject="From Python",
                text_body="The session ran in a sandbox.\n",
                attachments=[Attachment("Hello\n", name="hello.txt")],
            )
        )
    except SendError as error:
        sys.exit(f"{error.phase}: {error.message}")
for one in receipt.recipients:
    print(f"{one.email}: {'accepted' if one.accepted else 'refused'}, {one.reply.status} {one.reply.text}")
