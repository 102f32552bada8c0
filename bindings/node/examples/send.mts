// Sends one mail with an attachment; a refused recipient is said, and the others get it.
//   SMTP_PASSWORD=… node examples/send.mjs HOST PORT USER FROM TO [TO…]
import { Host, SendError, type Server } from '../index.js';

const [host, port, user, from, ...to] = process.argv.slice(2);
const sandbox = new Host({ logFolder: process.env.LOG_FOLDER ?? 'logs' });
sandbox.setLog(1);
const server: Server = { host, port: Number(port), user, password: process.env.SMTP_PASSWORD };
const transporter = await sandbox.transporter(server);
try {
  const receipt = await transporter.send({
    from,
    to,
    subject: 'From Node.js',
    textBody: 'The session ran in a sandbox.\n',
    attachments: [{ name: 'hello.txt', content: 'Hello\n' }],
  });
  for (const { email, accepted, reply } of receipt.recipients) {
    console.log(`${email}: ${accepted ? 'accepted' : 'refused'}, ${reply.status} ${reply.text}`);
  }
} catch (error) {
  if (!(error instanceof SendError)) throw error;
  console.error(`${error.phase}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await transporter.close();
  await sandbox.close();
}
