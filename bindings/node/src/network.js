// The thread of the network: `node:net` and `node:tls` for all transporters of a host.

import { parentPort } from 'node:worker_threads';
import { Connection } from './connection.js';

const MOST_SOCKETS = 16;

parentPort.on('message', ({ port, reachable }) => {
  const sockets = new Map();
  let next = 1;
  const calls = {
    /** Throws the interface's `connect-error`. */
    async connect(_, to, tls, timeout) {
      const attempts = [];
      try {
        check(to);
        sockets.set(next, await Connection.open(to, tls, timeout, attempts));
        return next++;
      } catch (error) {
        throw { tag: 'connect-error', error: told(error), attempts };
      }
    },
    drop(number) {
      sockets.get(number)?.close();
      sockets.delete(number);
    },
  };
  const check = (to) => {
    for (const end of to.proxy ? [to, to.proxy] : [to]) {
      const target = `${end.host}:${end.port}`;
      if (!reachable.includes(target)) throw { tag: 'denied', val: `the host has not granted ${target}` };
    }
    if (sockets.size >= MOST_SOCKETS) {
      throw { tag: 'denied', val: `${MOST_SOCKETS} sockets are open, which is all that the host grants` };
    }
  };
  port.on('message', async ({ method, socket, args, flag }) => {
    let answer;
    try {
      const value = calls[method] ? await calls[method](socket, ...args) : await sockets.get(socket)[method](...args);
      answer = { value };
    } catch (error) {
      answer = { error: told(error) };
    }
    port.postMessage(answer);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  });
  port.on('close', () => sockets.forEach((socket) => socket.close()));
});

/** The interface's `socket-error`; a defect of ours must not leave the component waiting. */
function told(error) {
  return error?.tag ? error : { tag: 'misuse', val: String(error?.stack ?? error) };
}
