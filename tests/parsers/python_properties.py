"""All of one message that Python's own parser reads: `python_properties.py FILE`. See tests/src/batch/properties.rs."""
import email
import email.policy
import json
import sys

with open(sys.argv[1], "rb") as file:
    message = email.message_from_bytes(file.read(), policy=email.policy.default)


def shape(part):
    kind = part.get_content_type()
    return [kind, *map(shape, part.iter_parts())] if part.is_multipart() else kind


def content(part):
    body = part.get_payload(decode=True).decode()
    return body.replace("\r\n", "\n") if part.get_content_maintype() == "text" else body


out = {name.lower(): str(value) for name, value in message.items()}
for name in ["from", "sender", "reply-to", "to", "cc"]:
    assert len(message.get_all(name)) == 1, name
    out[name] = [[one.display_name, one.addr_spec] for one in message[name].addresses]
out["date"] = message["date"].datetime.isoformat()
out["shape"] = shape(message)
out["parts"] = [
    [part.get_content_disposition(), part.get_filename(), part["content-id"], content(part)]
    for part in message.walk()
    if not part.is_multipart()
]
print(json.dumps(out))
