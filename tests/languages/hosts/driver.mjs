// Sends one mail as the JSON on standard input says, and prints what came of it as one JSON object; as driver.py does.
import { readFileSync } from 'node:fs';
import { Host, SendError } from 'smtp-transporter';

const job = JSON.parse(readFileSync(0, 'utf8'));
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const server = Object.fromEntries(Object.entries(job.server).map(([name, value]) => [camel(name), value]));
if (job.ca) server.trust = { roots: [{ tag: 'pem', val: new Uint8Array(readFileSync(job.ca)) }] };
const mail = { ...job.mail, attachments: (job.mail.attachments ?? []).map((path) => ({ path })) };
const host = new Host({ logFolder: job.folder });
host.setLog(1);
try {
  const transporter = await host.transporter(server);
  try {
    const { reply, recipients } = await transporter.send(mail);
    const each = recipients.map(({ email, accepted }) => ({ email, accepted }));
    console.log(JSON.stringify({ status: reply.status, recipients: each }));
  } finally {
    await transporter.close();
  }
} catch (error) {
  if (!(error instanceof SendError)) throw error;
  const { phase, kind, status, message } = error;
  console.log(JSON.stringify({ phase, kind, status, message }));
} finally {
  await host.close();
}
