"""Verifies DKIM signatures by dkimpy, without DNS: RECORDS (JSON, name to text) answers instead.
dkim_verify.py RECORDS FILE...   one line a file: "good", or "bad" and why"""
import json
import sys

import dkim

with open(sys.argv[1], encoding="utf-8") as file:
    records = json.load(file)


def answer(name, timeout=5):
    record = records.get(name.decode().rstrip("."))
    return record and record.encode()


for path in sys.argv[2:]:
    with open(path, "rb") as file:
        message = file.read()
    if b"DKIM-Signature:" not in message:
        print("bad: no signature")
        continue
    try:
        print("good" if dkim.verify(message, dnsfunc=answer) else "bad: it does not verify")
    except dkim.DKIMException as error:
        print("bad:", error)
