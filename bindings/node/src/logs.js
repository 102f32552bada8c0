// Conversation logs: the component writes statements, this numbers and stamps them. The format is `docs/log.md` of the
// project: any number of threads and processes append to one file, each under its lock, going on with its counter.

import fs from 'node:fs';
import path from 'node:path';
import koffi from 'koffi';

const FULL = 10_000_000;
const LONGEST = 1 << 20;
const LONGEST_EXTENDED = 8 << 20;
const FARTHEST_LOOK = 16 << 20;
const PREFIX = 'SMTPLog';
const LOCK_EX = 2;
const LOCK_UN = 8;

const library = process.platform === 'darwin' ? '/usr/lib/libSystem.B.dylib' : null;
/** Node.js has no file locks of its own. */
const flock = koffi.load(library).func('int flock(int fd, int operation)');

export class Logs {
  #given;
  #generation = 0;
  #regular;
  #number = 0;

  constructor(given) {
    this.#given = given;
  }

  /** The interface `log-files`. */
  interface() {
    const logs = this;
    class LogFile {
      constructor(name) {
        this.log = logs.#extended(name);
      }
      append(statements) {
        return this.log.append(statements).lost ? 'lost' : 'all';
      }
    }
    return {
      LogFile,
      open: (name) => new LogFile(name),
      regularIsOn: () => this.#current() !== undefined,
      appendRegular: (statements) => this.#append(statements),
      setRegular: (first) => {
        if (this.#given.logFolder === undefined) {
          throw { tag: 'denied', val: 'no log folder is granted; logFolder would grant one' };
        }
        Atomics.store(this.#given.regular, 0, first);
        Atomics.add(this.#given.regular, 1, 1);
      },
    };
  }

  /** The regular log as it was set last, by this thread or another. */
  #current() {
    const generation = Atomics.load(this.#given.regular, 1);
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#regular?.close();
      this.#regular = undefined;
      const first = Atomics.load(this.#given.regular, 0);
      if (first > 0) this.#openFrom(first);
    }
    return this.#regular;
  }

  #append(statements) {
    let log = this.#current();
    if (!log) return 'all';
    let { rest, lost } = log.append(statements);
    while (rest.length > 0 && log.isFull()) {
      log = this.#openFrom(this.#number + 1);
      ({ rest, lost } = log.append(rest));
    }
    return lost ? 'lost' : 'all';
  }

  #openFrom(first) {
    const { logFolder, logUtc, logKeep } = this.#given;
    fs.mkdirSync(logFolder, { recursive: true });
    let number = first;
    let log;
    for (;;) {
      log = new Log(path.join(logFolder, `${PREFIX}_${number}.txt`), logUtc, this.#given.who, LONGEST, FULL);
      if (!log.isFull()) break;
      log.close();
      number += 1;
    }
    this.#regular?.close();
    this.#regular = log;
    this.#number = number;
    if (logKeep > 0) recycle(logFolder, number, logKeep);
    return log;
  }

  #extended(name) {
    const { logFolder, logUtc, who } = this.#given;
    if (logFolder === undefined) throw { tag: 'denied', val: `no extended log is granted; logFolder would allow '${name}'` };
    const wrong = wrongName(name);
    if (wrong) throw { tag: 'invalid-name', val: `${JSON.stringify(name)} ${wrong}` };
    if (new RegExp(`^${PREFIX}_[1-9]\\d*\\.txt$`, 'i').test(name)) {
      throw { tag: 'invalid-name', val: `'${name}' belongs to the regular log` };
    }
    const file = path.join(logFolder, name);
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      const inside = path.relative(fs.realpathSync(logFolder), fs.realpathSync(path.dirname(file)));
      if (inside.startsWith('..')) throw { tag: 'invalid-name', val: `'${name}' leads out of the folder of the logs` };
      return new Log(file, logUtc, who, LONGEST_EXTENDED, Infinity);
    } catch (error) {
      if (error.tag) throw error;
      throw { tag: 'unwritable', val: `the log file '${file}' can't be written: ${error.message}` };
    }
  }
}

/** One file. */
class Log {
  #lost = 0;
  #reason = '';

  constructor(file, utc, who, longest, full) {
    Object.assign(this, { path: file, utc, who, longest, full });
    this.#open();
  }

  #open() {
    // Never through a link in the last place: the folder may be somebody else's as well.
    const flags = fs.constants.O_RDWR | fs.constants.O_APPEND | fs.constants.O_CREAT | fs.constants.O_NOFOLLOW;
    this.fd = fs.openSync(this.path, flags, 0o600);
    this.id = fs.fstatSync(this.fd).ino;
  }

  close() {
    fs.closeSync(this.fd);
  }

  isFull() {
    return fs.fstatSync(this.fd).size >= this.full;
  }

  /** What did not fit, and whether lines were lost. */
  append(statements) {
    try {
      this.#follow();
      flock(this.fd, LOCK_EX);
      try {
        return { rest: this.#write(statements), lost: false };
      } finally {
        flock(this.fd, LOCK_UN);
      }
    } catch (error) {
      if (this.#lost === 0) {
        this.#reason = error.message;
        console.error(
          `smtp-transporter: the log file '${this.path}' can't be written: ${error.message}; mail goes on, and the log will say how many lines are missing`,
        );
      }
      this.#lost += statements.length;
      return { rest: [], lost: true };
    }
  }

  /** Opens the file anew where another stands at its path now. */
  #follow() {
    if (fs.statSync(this.path, { throwIfNoEntry: false })?.ino === this.id) return;
    this.close();
    this.#open();
  }

  #write(statements) {
    const length = fs.fstatSync(this.fd).size;
    let { counter, stamp, torn } = tail(this.fd, length);
    const now = this.#now();
    if (now > stamp) stamp = now;
    const lines = this.#lost === 1 ? '1 line' : `${this.#lost} lines`;
    const marker = this.#lost > 0 ? [`### SMTP Log: ${lines} could not be written (${this.#reason})`] : [];
    const all = [...marker, ...statements];
    let out = torn ? '\n' : '';
    let taken = 0;
    let size = length + out.length;
    while (taken < all.length && size < this.full) {
      counter += 1n;
      const line = `${counter} ${stamp} ${this.who} ${safe(all[taken], this.longest)}\n`;
      out += line;
      size += Buffer.byteLength(line);
      taken += 1;
    }
    const bytes = Buffer.from(out);
    let done = 0;
    try {
      while (done < bytes.length) done += fs.writeSync(this.fd, bytes, done);
    } catch (error) {
      fs.ftruncateSync(this.fd, length);
      throw error;
    }
    if (taken >= marker.length) this.#lost = 0;
    return taken < marker.length ? statements : all.slice(taken);
  }

  #now() {
    const now = new Date();
    if (this.utc) return now.toISOString();
    return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
  }
}

/** The counter and the stamp of the last line. */
function tail(fd, length) {
  for (let look = 4096; ; look *= 8) {
    const start = Math.max(0, length - look);
    const bytes = Buffer.alloc(length - start);
    fs.readSync(fd, bytes, 0, bytes.length, start);
    const torn = bytes.length > 0 && bytes.at(-1) !== 10;
    const lines = bytes.toString('latin1').split('\n');
    if (!torn) lines.pop();
    if (start > 0) lines.shift();
    for (let back = 0; back < lines.length; back += 1) {
      const found = /^(\d{1,19}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z?) /.exec(lines.at(-1 - back));
      if (found) return { counter: BigInt(found[1]) + BigInt(back), stamp: found[2], torn };
    }
    if (start === 0 || look >= FARTHEST_LOOK) return { counter: torn ? 1n : 0n, stamp: '', torn };
  }
}

function recycle(folder, current, keep) {
  const name = new RegExp(`^${PREFIX}_([1-9]\\d*)\\.txt$`);
  const numbers = fs.readdirSync(folder).flatMap((file) => Number(name.exec(file)?.[1] ?? [])).filter((one) => one <= current);
  for (const number of numbers.sort((a, b) => a - b).slice(0, -keep)) {
    fs.rmSync(path.join(folder, `${PREFIX}_${number}.txt`), { force: true });
  }
}

/** No control character: what comes from a component can't forge a line or move a terminal. */
function safe(statement, longest) {
  // eslint-disable-next-line no-control-regex
  const escaped = statement.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  const bytes = Buffer.from(escaped);
  if (bytes.length <= longest) return escaped;
  let cut = longest;
  while ((bytes[cut] & 0xc0) === 0x80) cut -= 1;
  return `${bytes.subarray(0, cut)}… (+${bytes.length - cut} bytes)${statement.endsWith('"') ? '"' : ''}`;
}

function wrongName(name) {
  // eslint-disable-next-line no-control-regex
  if (name === '' || /[\x00-\x1f\x7f-\x9f\\:<>"|?*]/.test(name)) {
    return 'has characters in it that not every machine takes in a file name';
  }
  const parts = name.split('/');
  if (name.startsWith('/') || parts.includes('..')) return 'leaves the folder of the logs';
  const odd = /^(con|prn|aux|nul|conin\$|conout\$|com[1-9¹²³]|lpt[1-9¹²³])(\s*\.|\s*$)|^$|[. ]$/i;
  return parts.some((part) => odd.test(part) || Buffer.byteLength(part) > 255) ? 'is not a file name on every machine' : undefined;
}
