// A plugin in JavaScript that sends a mail with an attachment, and reads what became of each recipient.
//
// jco componentize plugin.js --wit ../wit --world-name plugin --disable http --disable fetch-event --out plugin.wasm
// host run --allow HOST:PORT plugin.wasm HOST PORT FROM TO…

import { newTransporter } from 'smtp:transporter/transporter@0.1.0';
import { getArguments, getEnvironment } from 'wasi:cli/environment@0.2.12';

export const run = {
  run() {
    const [, host, port, from, ...to] = getArguments();
    const { MAIL_USER: user, MAIL_PASSWORD: password } = Object.fromEntries(getEnvironment());
    const server = {
      host,
      port: Number(port),
      user,
      password: password && { tag: 'value', val: password },
      acceptUnsecureConnection: user === undefined,
    };
    let transporter;
    let receipt;
    try {
      transporter = newTransporter(server);
      receipt = transporter.send({
        ...nothing,
        from: [{ email: from }],
        to: to.map((email) => ({ email })),
        subject: 'From a plugin',
        textBody: 'The figures are in the attachment.\n',
        attachments: [{ name: 'figures.csv', content: { tag: 'text', val: 'month,mails\nJanuary,31\nFebruary,28\n' } }],
      });
    } catch (error) {
      console.error(`not sent: ${error.payload?.message ?? error}`);
      throw undefined;
    } finally {
      transporter?.close();
    }
    console.log(`sent: ${receipt.reply.status} ${receipt.reply.text}`);
    // The others got the mail although one was refused: each recipient has an answer of its own.
    for (const { email, accepted, reply } of receipt.recipients) {
      console.log(`${accepted ? 'accepted' : 'refused'}: ${email} (${reply.status} ${reply.text})`);
    }
  },
};

/** The lists of a mail, all empty. */
const nothing = { replyTo: [], cc: [], bcc: [], headers: [], inReplyTo: [], references: [], keywords: [] };
