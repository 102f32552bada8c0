// What npm's mailparser reads: `mailparser.mjs FILE...` prints one JSON object a file. NODE_DEPS names the folder whose
// node_modules has it. See tests/src/parsers.rs.
import fs from 'node:fs';
import { createRequire } from 'node:module';
const require = createRequire(process.env.NODE_DEPS + '/');
const { simpleParser } = require('mailparser');
// mailparser leaves the words of fields that it does not know to its own helper.
const libmime = require('libmime');

const mailboxes = (field) => (field?.value ?? []).map(({ name, address }) => [name, address]);
const ids = (field) => [field ?? []].flat().flatMap((text) => text.replace(/[<>]/g, ' ').trim().split(/\s+/));
const asGiven = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };

for (const path of process.argv.slice(2)) {
  const message = await simpleParser(fs.readFileSync(path), asGiven);
  console.log(JSON.stringify({
    from: mailboxes(message.from),
    to: mailboxes(message.to),
    cc: mailboxes(message.cc),
    subject: message.subject ?? '',
    messageId: ids(message.messageId),
    inReplyTo: ids(message.inReplyTo),
    references: ids(message.references),
    comments: libmime.decodeWords(message.headers.get('comments') ?? ''),
    extra: libmime.decodeWords(message.headers.get('x-extra') ?? ''),
    date: message.date.getTime() / 1000,
    text: message.text ?? '',
    html: message.html || '',
    files: message.attachments.map((file) =>
      [file.filename ?? null, file.contentType, (file.contentId ?? '').replace(/[<>]/g, ''), file.content.toString('base64')]),
  }));
}
