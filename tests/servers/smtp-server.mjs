// Nodemailer's smtp-server as a test server: `node smtp-server.mjs DIR`, until it is ended by a signal. NODE_DEPS names
// the folder whose node_modules has it. Ports: MX_PORT (STARTTLS), TLS_PORT (TLS at once), both with AUTH PLAIN, LOGIN,
// CRAM-MD5 and XOAUTH2: alice with wonderland, or the token "token". A recipient whose local part is `nobody-here` is
// refused. Received mail: DIR/mail/N.eml, N.json has the envelope.
import fs from 'node:fs';
import { createRequire } from 'node:module';
const { SMTPServer } = createRequire(process.env.NODE_DEPS + '/')('smtp-server');
const folder = process.argv[2];
fs.mkdirSync(`${folder}/mail`, { recursive: true });
let count = 0;

const listen = (secure, port) => {
  const server = new SMTPServer({
    secure,
    name: 'mail.test',
    banner: 'smtp-server',
    key: fs.readFileSync(`${folder}/tls/key.pem`),
    cert: fs.readFileSync(`${folder}/tls/chain.pem`),
    size: 300 * 1024 * 1024,
    authOptional: true,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
    hidePIPELINING: false,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    onAuth(auth, session, done) {
      const good = auth.method === 'XOAUTH2' ? auth.accessToken === 'token'
        : auth.method === 'CRAM-MD5' ? auth.validatePassword('wonderland')
        : auth.username === 'alice' && auth.password === 'wonderland';
      done(good ? null : new Error('wrong'), good ? { user: auth.username } : undefined);
    },
    onRcptTo(address, session, done) {
      const refused = address.address.startsWith('nobody-here@');
      done(refused ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      const id = ++count;
      const out = fs.createWriteStream(`${folder}/mail/${id}.eml`);
      stream.pipe(out);
      out.on('finish', () => {
        const { envelope, user } = session;
        fs.writeFileSync(`${folder}/mail/${id}.json`, JSON.stringify({ envelope, user, secured: session.secure }));
        done(null, 'kept');
      });
    },
  });
  server.on('error', () => {});
  return new Promise((up) => server.listen(port, '127.0.0.1', up));
};
await listen(false, Number(process.env.MX_PORT));
await listen(true, Number(process.env.TLS_PORT));
