"""Sends one mail as the JSON on standard input says, and prints what came of it as one JSON object.

The names are those of the interface: {"server": {...}, "mail": {...}, "folder": "logs", "ca": "ca.pem"}.
"""

import json
import sys

from smtp_transporter import Attachment, Host, Mail, Proxy, SendError, Server, Trust

job = json.load(sys.stdin)
server = Server(**job["server"])
if server.proxy:
    server.proxy = Proxy(**job["server"]["proxy"])
if job.get("ca"):
    with open(job["ca"], "rb") as ca:
        server.trust = Trust(roots=[ca.read()])
mail = Mail(
    from_=job["mail"]["from"],
    to=job["mail"]["to"],
    subject=job["mail"]["subject"],
    text_body=job["mail"]["textBody"],
    message_id=job["mail"]["messageId"],
    attachments=[Attachment.file(path) for path in job["mail"].get("attachments", [])],
)
host = Host(log_folder=job["folder"])
host.set_log(1)
try:
    with host.transporter(server) as transporter:
        receipt = transporter.send(mail)
    recipients = [{"email": one.email, "accepted": one.accepted} for one in receipt.recipients]
    print(json.dumps({"status": receipt.reply.status, "recipients": recipients}))
except SendError as error:
    print(json.dumps({"phase": error.phase, "kind": error.kind, "status": error.status, "message": error.message}))
