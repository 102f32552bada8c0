// Small mails by nodemailer over one live connection in the clear: `node small.mjs NODEMAILER PORT MAILS` prints
// microseconds a mail, the median.
import { createRequire } from 'node:module'
const [, , folder, port, mails] = process.argv
const nodemailer = createRequire(import.meta.url)(folder)
const transport = nodemailer.createTransport({
  host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true, pool: true, maxConnections: 1, maxMessages: Infinity,
})
const mail = { from: 'alice@mail.test', to: 'bob@mail.test', subject: 'A small mail', text: 'Nothing but a line of text.\n' }
await transport.sendMail(mail)
const times = []
for (let sent = 0; sent < Number(mails); sent++) {
  const begun = process.hrtime.bigint()
  await transport.sendMail(mail)
  times.push(Number(process.hrtime.bigint() - begun) / 1000)
}
times.sort((one, other) => one - other)
console.log(Math.round(times[times.length >> 1]))
transport.close()
