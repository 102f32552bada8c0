// nodemailer.mjs PORT CA|- FILE: one mail with this file, streamed from the disk.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(process.env.NODE_DEPS + '/');
const nodemailer = require('nodemailer');
const [port, ca, file] = process.argv.slice(2);
const secure = ca !== '-';
const transport = nodemailer.createTransport({
  host: 'localhost', port: Number(port), secure, ignoreTLS: !secure, socketTimeout: 600_000,
  tls: secure ? { ca: readFileSync(ca) } : undefined,
});
await transport.sendMail({
  from: 'ann@client.test', to: 'bob@client.test', text: 'text', attachments: [{ filename: 'large.bin', path: file }],
});
transport.close();
