// One connection: TCP, then perhaps TLS. No call waits longer than its limit says.

import net from 'node:net';
import { once } from 'node:events';
import { pass } from './proxy.js';
import { handshake } from './tls.js';

const MOST = 65536;

export class Connection {
  #started = performance.now();
  #tcp;
  #stream;
  #session;
  #attempts = [];
  #held = [];
  #ended = false;
  #error;
  #wake = () => {};

  /** Tries every address, both families raced; `attempts` is filled also where this fails. */
  static async open(to, tls, timeout, attempts) {
    const made = new Connection();
    made.#attempts = attempts;
    const deadline = performance.now() + timeout;
    await made.#connect(to.proxy ?? to, timeout);
    if (to.proxy) {
      const refused = await within(Math.max(1, deadline - performance.now()), pass(made.#tcp, to)).catch(
        () => `${hostPort(to.proxy)} did not answer within ${timeout} ms`,
      );
      if (refused !== undefined) {
        made.#tcp.on('error', () => {}).destroy();
        throw { tag: 'proxy', val: refused };
      }
    }
    made.#listen(made.#tcp);
    if (tls) await made.#secure(tls, deadline, timeout);
    return made;
  }

  async #connect(to, timeout) {
    const tcp = net.connect({ host: to.host, port: to.port, noDelay: true });
    const began = performance.now();
    const tried = (ip, port, failure) =>
      this.#attempts.push({ address: { ip, port }, failure, elapsedMs: Math.round(performance.now() - began) });
    tcp.on('connectionAttemptFailed', (ip, port, _, error) => tried(ip, port, failureOf(error)));
    tcp.on('connectionAttemptTimeout', (ip, port) => tried(ip, port, { tag: 'timed-out', val: timeout }));
    try {
      await within(timeout, Promise.race([once(tcp, 'connect'), once(tcp, 'error').then(([error]) => Promise.reject(error))]));
    } catch (error) {
      tcp.on('error', () => {});
      tcp.destroy();
      if (error.syscall === 'getaddrinfo') throw { tag: 'not-resolved', val: error.code };
      if (this.#attempts.length === 0 && net.isIP(to.host)) {
        tried(to.host, to.port, error === TIMED_OUT ? { tag: 'timed-out', val: timeout } : failureOf(error));
      }
      if (error === TIMED_OUT && this.#attempts.length === 0) throw timedOut(timeout);
      throw { tag: 'unreachable' };
    }
    tried(tcp.remoteAddress, tcp.remotePort, undefined);
    this.#tcp = tcp;
  }

  attempts() {
    return this.#attempts;
  }

  async startTls(tls, timeout) {
    // What came behind the reply is on its way through this thread's loop.
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    const waiting = this.#held.reduce((sum, piece) => sum + piece.length, 0);
    if (waiting > 0) throw { tag: 'injected-bytes', val: waiting };
    return this.#secure(tls, performance.now() + timeout, timeout);
  }

  async read(most, timeout) {
    if (this.#held.length === 0 && !this.#ended && !this.#error) {
      if (timeout === 0) await new Promise(setImmediate);
      else await within(timeout, this.#arrival()).catch(() => {});
    }
    if (this.#held.length > 0) return this.#take(Math.min(most, MOST));
    if (this.#error) throw { tag: 'failed', val: failureOf(this.#error) };
    if (this.#ended) return new Uint8Array();
    throw timedOut(timeout);
  }

  async write(bytes, timeout) {
    if (this.#error) throw { tag: 'failed', val: failureOf(this.#error) };
    const written = new Promise((resolve, reject) =>
      this.#stream.write(bytes, (error) => (error ? reject(error) : resolve())),
    );
    await within(timeout, written).catch((error) => {
      if (error === TIMED_OUT) throw timedOut(timeout);
      throw error.code === 'EPIPE' ? { tag: 'lost' } : { tag: 'failed', val: failureOf(error) };
    });
  }

  localAddress() {
    return { ip: this.#tcp.localAddress.split('%')[0], port: this.#tcp.localPort };
  }

  tlsSession() {
    return this.#session;
  }

  now() {
    const elapsed = Math.floor(performance.now() - this.#started);
    return {
      elapsedMs: BigInt(elapsed),
      unixMs: BigInt(Date.now()),
      utcOffsetMinutes: -new Date().getTimezoneOffset(),
    };
  }

  close() {
    this.#stream?.end();
    const tcp = this.#tcp;
    setTimeout(() => tcp?.destroy(), 1000).unref();
  }

  #listen(stream) {
    this.#stream = stream;
    stream.on('data', (piece) => {
      this.#held.push(piece);
      // Enough is kept; the server is waited for until it was read.
      if (this.#held.reduce((sum, held) => sum + held.length, 0) >= MOST) stream.pause();
      this.#wake();
    });
    stream.on('end', () => ((this.#ended = true), this.#wake()));
    stream.on('error', (error) => ((this.#error ??= error), this.#wake()));
    stream.on('close', () => ((this.#ended = true), this.#wake()));
  }

  async #secure(tls, deadline, timeout) {
    this.#tcp.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close');
    this.#tcp.pause();
    try {
      const { stream, session } = await within(Math.max(1, deadline - performance.now()), handshake(this.#tcp, tls));
      this.#session = session;
      this.#listen(stream);
      return session;
    } catch (error) {
      this.#tcp.destroy();
      if (error === TIMED_OUT) throw timedOut(timeout);
      if (error.tag) throw error;
      throw { tag: 'failed', val: failureOf(error) };
    }
  }

  #arrival() {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #take(most) {
    const all = Buffer.concat(this.#held);
    const rest = all.subarray(most);
    this.#held = rest.length > 0 ? [rest] : [];
    if (rest.length < MOST) this.#stream.resume();
    return new Uint8Array(all.subarray(0, most));
  }
}

const TIMED_OUT = Symbol('timed out');

async function within(milliseconds, promise) {
  let timer;
  const limit = new Promise((_, reject) => (timer = setTimeout(reject, milliseconds, TIMED_OUT)));
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function hostPort({ host, port }) {
  return net.isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

function timedOut(limit) {
  return { tag: 'failed', val: { tag: 'timed-out', val: limit } };
}

/** The interface's `socket-failure`. */
function failureOf(error) {
  if (error.code === 'ECONNREFUSED') return { tag: 'refused' };
  if (['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'].includes(error.code)) return { tag: 'unreachable' };
  if (['ECONNRESET', 'ECONNABORTED', 'EPIPE'].includes(error.code)) return { tag: 'reset' };
  if (error.code === 'ETIMEDOUT') return { tag: 'other', val: 'timed out' };
  return { tag: 'other', val: error.message };
}
