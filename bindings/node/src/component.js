// The thread of one transporter: the component, whose calls wait for the network's thread.

import { readFileSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { randomBytes } from 'node:crypto';
import { instantiate } from '../generated/transporter.js';
import { Logs } from './logs.js';
import { Socket, useNetwork } from './sockets.js';
import { envelope, mail } from './translate.js';

const PIECE = 65536;

/** A file that the component reads in pieces. */
class InputStream {
  constructor(file) {
    this.file = file;
  }
  blockingRead(length) {
    const bytes = new Uint8Array(Math.min(Number(length), PIECE));
    let count;
    try {
      count = readSync(this.file, bytes);
    } catch (error) {
      throw { tag: 'last-operation-failed', val: new IoError(error.message) };
    }
    if (count === 0) throw { tag: 'closed' };
    return bytes.subarray(0, count);
  }
}

class IoError {
  constructor(text) {
    this.text = text;
  }
  toDebugString() {
    return this.text;
  }
}

const { network, regular, secrets, slot, unique, ...logging } = workerData;
useNetwork(network);
const logs = new Logs({ ...logging, regular, who: `${slot} ${unique}` });
const interfaces = {
  'smtp:transporter/log-files': logs.interface(),
  'smtp:transporter/secrets': {},
  'smtp:transporter/types': { InputStream },
  'smtp:transporter/tls-sockets': { Socket, credential },
  // This host has no keys: mails go unsigned.
  'smtp:transporter/signing': { signerFor: () => undefined, sign: () => { throw 'this host has no keys to sign with'; } },
  'wasi:io/error': { Error: IoError },
  'wasi:io/streams': { InputStream },
  'wasi:random/random': { getRandomBytes: (count) => new Uint8Array(randomBytes(Number(count))) },
};
const core = (path) => new WebAssembly.Module(readFileSync(new URL(`../generated/${path}`, import.meta.url)));
const { transporter: component } = instantiate(core, interfaces);

let transporter;
let message;
const calls = {
  new: (server) => void (transporter = component.newTransporter(server)),
  send: (given) => transporter.send(mail(given, (file) => new InputStream(file))),
  check: () => transporter.checkConnection(),
  open: (given) =>
    void (message = transporter.openMessage(
      envelope(given.envelope),
      given.size === undefined ? undefined : BigInt(given.size),
    )),
  write: (bytes) => message.write(bytes),
  finish: () => component.OutgoingMessage.finish(message),
  abandon: () => message?.[Symbol.dispose ?? Symbol.for('dispose')](),
  close: () => transporter.close(),
};

parentPort.on('message', ({ id, method, argument }) => {
  try {
    parentPort.postMessage({ id, value: calls[method](argument) });
  } catch (error) {
    const payload = error?.payload ?? { message: String(error?.stack ?? error) };
    parentPort.postMessage({ id, error: payload });
  }
});

function credential(name) {
  if (Object.hasOwn(secrets, name)) return secrets[name];
  throw `the host has no secret named '${name}'; secrets would give it one`;
}
