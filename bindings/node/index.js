// What programs call: everything here is asynchronous, and nothing here talks to a network or a file itself.

import { Worker, MessageChannel } from 'node:worker_threads';
import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

export class SendError extends Error {
  /** @param {object} payload the interface's `send-error` */
  constructor(payload) {
    super(payload.message);
    this.name = 'SendError';
    Object.assign(this, { warnings: [], recipients: [] }, payload);
    this.status = payload.reply?.status ?? 0;
  }
}

export class LogError extends Error {
  constructor(payload) {
    super(payload.val);
    this.name = 'LogError';
    this.kind = payload.tag;
  }
}

export class Host {
  #options;
  #network;
  #regular = new Int32Array(new SharedArrayBuffer(8));
  #unique = 0;
  #slots = new Set();

  constructor(options = {}) {
    const { logFolder, logKeep = 50, logUtc = false, secrets = {} } = options;
    this.#options = { logFolder: logFolder === undefined ? undefined : resolve(logFolder), logKeep, logUtc, secrets };
    this.#network = new Worker(new URL('./src/network.js', import.meta.url));
    this.#network.unref();
  }

  /** The regular log of this host from now on: 0 turns it off, N on, with `SMTPLog_N.txt` as first file. */
  setLog(firstFile) {
    if (this.#options.logFolder === undefined) {
      throw new LogError({ tag: 'denied', val: 'no log folder is granted; logFolder would grant one' });
    }
    Atomics.store(this.#regular, 0, firstFile);
    Atomics.add(this.#regular, 1, 1);
  }

  /** A transporter that may reach its own server and nothing else. Opens no connection. */
  async transporter(server) {
    const { port1, port2 } = new MessageChannel();
    this.#network.postMessage({ port: port1, reachable: reachable(server) }, [port1]);
    let slot = 1;
    while (this.#slots.has(slot)) slot += 1;
    this.#slots.add(slot);
    const worker = new Worker(new URL('./src/component.js', import.meta.url), {
      workerData: { ...this.#options, regular: this.#regular, network: port2, slot, unique: ++this.#unique },
      transferList: [port2],
    });
    const transporter = new Transporter(worker, () => this.#slots.delete(slot));
    await transporter._call('new', settings(server));
    return transporter;
  }

  /** Ends the host's own thread. Close its transporters before. */
  async close() {
    await this.#network.terminate();
  }
}

export class Transporter {
  #worker;
  #waiting = new Map();
  #next = 0;
  #queue = Promise.resolve();
  #ended;

  constructor(worker, ended) {
    this.#worker = worker;
    this.#ended = ended;
    worker.unref();
    worker.on('message', ({ id, value, error }) => {
      const call = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) worker.unref();
      if (error === undefined) call.resolve(value);
      else call.reject(error.phase ? new SendError(error) : new Error(error.message ?? String(error)));
    });
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the transporter is closed')));
  }

  /** Connects if there is no live connection, and hands the mail over. */
  async send(mail) {
    const files = [];
    const attachments = [];
    try {
      for (const attachment of mail.attachments ?? []) {
        const { path, ...rest } = attachment;
        if (path === undefined) {
          attachments.push(rest);
          continue;
        }
        const file = await open(path);
        files.push(file);
        const { size } = await file.stat();
        attachments.push({ name: basename(path), ...rest, size, content: { file: file.fd } });
      }
      return await this._call('send', { ...mail, attachments });
    } finally {
      for (const file of files) await file.close();
    }
  }

  /** A finished RFC 5322 message: bytes, or an (asynchronous) iterable of them. */
  async sendMessage(envelope, message) {
    const whole = message instanceof Uint8Array;
    await this._call('open', { envelope, size: whole ? message.length : undefined });
    try {
      for await (const piece of whole ? [message] : message) await this._call('write', piece);
    } catch (error) {
      await this._call('abandon');
      throw error;
    }
    return this._call('finish');
  }

  /** Connects if there is no live connection, authenticates, and says NOOP. */
  checkConnection() {
    return this._call('check');
  }

  /** Says QUIT, closes, and ends the transporter's thread. */
  async close() {
    await this._call('close');
    await this.#worker.terminate();
  }

  /** One call after the other: the component has one stack. */
  _call(method, argument) {
    const call = this.#queue.then(
      () =>
        new Promise((resolve, reject) => {
          const id = this.#next++;
          this.#waiting.set(id, { resolve, reject });
          this.#worker.ref();
          this.#worker.postMessage({ id, method, argument });
        }),
    );
    this.#queue = call.then(
      () => {},
      () => {},
    );
    return call;
  }

  #fail(error) {
    for (const call of this.#waiting.values()) call.reject(error);
    this.#waiting.clear();
    this.#ended();
  }
}

/** The settings as the component takes them; what is missing has the interface's default. */
function settings({ password, accessToken, proxy, ...rest }) {
  const secret = (value) => (typeof value === 'string' ? { tag: 'value', val: value } : value && { tag: 'named', val: value.named });
  const through = proxy && { ...proxy, password: secret(proxy.password) };
  return { ...rest, password: secret(password), accessToken: secret(accessToken), proxy: through };
}

/** The server and its proxy, and nothing else. */
function reachable({ host, port = 587, proxy }) {
  return [`${host}:${port}`, ...(proxy ? [`${proxy.host}:${proxy.port}`] : [])];
}
