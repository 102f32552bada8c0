"""A plugin in Python that sends a mail with an attachment, and reads what became of each recipient.

componentize-py -d ../wit -w plugin componentize app -o plugin.wasm
host run --allow HOST:PORT plugin.wasm HOST PORT FROM TO…
"""

import sys
from dataclasses import fields

from componentize_py_types import Err
from wit_world.exports import Run as RunInterface
from wit_world.imports import environment, secrets, transporter, types


class Run(RunInterface):
    def run(self) -> None:
        _, host, port, sender, *to = environment.get_arguments()
        variables = dict(environment.get_environment())
        user, password = variables.get("MAIL_USER"), variables.get("MAIL_PASSWORD")
        server = make(
            types.Server,
            host=host,
            port=int(port),
            user=user,
            password=secrets.Secret_Value(password) if password else None,
            accept_unsecure_connection=user is None,
        )
        figures = make(
            types.Attachment,
            content=types.Content_Text("month,mails\nJanuary,31\nFebruary,28\n"),
            name="figures.csv",
        )
        mail = make(
            types.Mail,
            from_=[types.Mailbox(None, sender)],
            to=[types.Mailbox(None, email) for email in to],
            subject="From a plugin",
            text_body="The figures are in the attachment.\n",
            attachments=[figures],
        )
        try:
            with transporter.new_transporter(server) as sending:
                receipt = sending.send(mail)
        except Err as error:
            print(f"not sent: {error.value.message}", file=sys.stderr)
            raise Err(None)
        print(f"sent: {receipt.reply.status} {receipt.reply.text}")
        # The others got the mail although one was refused: each recipient has an answer of its own.
        for one in receipt.recipients:
            word = "accepted" if one.accepted else "refused"
            print(f"{word}: {one.email} ({one.reply.status} {one.reply.text})")


def make(record, **given):
    """A record with nothing but this in it: what is left out is an empty list, or not there."""
    empty = {field.name: [] if "List" in str(field.type) else None for field in fields(record)}
    return record(**empty | given)
