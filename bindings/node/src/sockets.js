// Sockets as the component sees them: each call is handed to the network's thread, and waits for its answer.

import { receiveMessageOnPort } from 'node:worker_threads';

/** Milliseconds that the network's thread may be late by before it counts as gone. */
const GRACE = 10_000;

let port;
const flag = new Int32Array(new SharedArrayBuffer(4));

export function useNetwork(given) {
  port = given;
  port.unref();
}

function call(method, socket, args, limit = 0) {
  Atomics.store(flag, 0, 0);
  port.postMessage({ method, socket, args, flag });
  if (Atomics.wait(flag, 0, 0, limit + GRACE) === 'timed-out') throw { tag: 'misuse', val: 'the network does not answer' };
  const { value, error } = receiveMessageOnPort(port).message;
  if (error !== undefined) throw error;
  return value;
}

export class Socket {
  static connect(to, tls, timeout) {
    const made = Object.create(Socket.prototype);
    try {
      made.number = call('connect', undefined, [to, tls, timeout], timeout);
    } catch (error) {
      throw error.attempts ? error : { error, attempts: [] };
    }
    return made;
  }
  attempts() {
    return call('attempts', this.number, []);
  }
  startTls(tls, timeout) {
    return call('startTls', this.number, [tls, timeout], timeout);
  }
  read(most, timeout) {
    return call('read', this.number, [most, timeout], timeout);
  }
  write(bytes, timeout) {
    return call('write', this.number, [bytes, timeout], timeout);
  }
  localAddress() {
    return call('localAddress', this.number, []);
  }
  tlsSession() {
    return call('tlsSession', this.number, []);
  }
  now() {
    return call('now', this.number, []);
  }
  [Symbol.dispose ?? Symbol.for('dispose')]() {
    call('drop', this.number, []);
  }
}
