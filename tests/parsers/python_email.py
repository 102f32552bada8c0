"""What Python's own parser reads: `python_email.py FILE...` prints one JSON object a file. See tests/src/parsers.rs."""
import base64
import email
import email.policy
import json
import sys


def mailboxes(field):
    return [[one.display_name, one.addr_spec] for one in field.addresses] if field else []


def ids(field):
    return (field or "").replace("<", "").replace(">", "").split()


def bytes_of(part):
    return base64.b64encode(part.get_payload(decode=True) or b"").decode()


def read(path):
    with open(path, "rb") as file:
        message = email.message_from_bytes(file.read(), policy=email.policy.default)
    out = {
        "from": mailboxes(message["from"]),
        "to": mailboxes(message["to"]),
        "cc": mailboxes(message["cc"]),
        "subject": message["subject"],
        "messageId": ids(message["message-id"]),
        "inReplyTo": ids(message["in-reply-to"]),
        "references": ids(message["references"]),
        "comments": message["comments"],
        "extra": message["x-extra"],
        "date": int(message["date"].datetime.timestamp()),
        "text": "",
        "html": "",
        "files": [],
    }
    for part in message.walk():
        if part.is_multipart():
            continue
        if part.get_content_disposition() is None:
            out["html" if part.get_content_type() == "text/html" else "text"] = part.get_content()
            continue
        cid = (part["content-id"] or "").strip("<>")
        out["files"].append([part.get_filename(), part.get_content_type(), cid, bytes_of(part)])
    return out


for path in sys.argv[1:]:
    print(json.dumps(read(path)))
