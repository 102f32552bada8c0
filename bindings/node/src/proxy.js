// What is said to a proxy before the target speaks: SOCKS 5 (RFC 1928, 1929) and HTTP CONNECT (RFC 9110 §9.3.6).
//
// Both are written without a socket: they yield bytes to send, or how many bytes they need next. Not a byte more than the
// proxy's answer is asked for, since the next one is the target's. Refusals are texts that repeat no password.

import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

const LONGEST_HEAD = 8 << 10;
const [VERSION, NO_AUTHENTICATION, USER_AND_PASSWORD] = [5, 0, 2];
const REFUSALS = {
  1: 'general failure',
  2: "its rules don't allow this connection",
  3: 'network unreachable from there',
  4: 'host unreachable from there',
  5: 'connection refused there',
  6: 'the connection timed out there (TTL expired)',
  7: "it can't connect on behalf of others",
  8: 'it does not know this kind of address',
};

/** Talks to the proxy on the other end of `tcp`: undefined where the target is connected, else why it is not. */
export async function pass(tcp, { host, port, proxy }) {
  const { kind, user, password } = proxy;
  if (password?.tag === 'named') return 'this host takes the password of a proxy by value only';
  const talk = (kind === 'socks5' ? socks : http)(canonical(host), port, user, password?.val ?? '');
  const reader = new Reader(tcp);
  try {
    let answer;
    for (;;) {
      const { value, done } = talk.next(answer);
      if (done) return undefined;
      if (typeof value === 'number') answer = await reader.take(value);
      else tcp.write(value);
    }
  } catch (error) {
    if (typeof error === 'string') return error;
    return error.code === 'ECONNRESET' ? 'it reset the connection' : error.message;
  } finally {
    reader.end();
  }
}

/** Exactly so many bytes; what comes behind them stays in the stream. */
class Reader {
  #tcp;
  #wake;
  #ended;
  constructor(tcp) {
    this.#tcp = tcp;
    tcp.on('readable', this.#look).on('end', this.#end).on('close', this.#end).on('error', this.#fail);
  }
  async take(count) {
    for (;;) {
      const bytes = this.#tcp.read(count);
      if (bytes?.length === count) return bytes;
      if (bytes !== null || this.#ended) throw this.#ended instanceof Error ? this.#ended : 'it ended the connection before it answered';
      await new Promise((resolve) => (this.#wake = resolve));
    }
  }
  end() {
    this.#tcp.off('readable', this.#look).off('end', this.#end).off('close', this.#end).off('error', this.#fail);
  }
  #look = () => this.#wake?.();
  #end = () => ((this.#ended ??= true), this.#wake?.());
  #fail = (error) => ((this.#ended = error), this.#wake?.());
}

function canonical(host) {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return bare;
  return (domainToASCII(host) || host.toLowerCase()).replace(/\.$/, '');
}

function* socks(host, port, user, password) {
  const login = user !== undefined;
  yield Buffer.from(login ? [VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD] : [VERSION, 1, NO_AUTHENTICATION]);
  const [version, method] = yield 2;
  if (version !== VERSION) throw 'it is no SOCKS 5 proxy';
  if (method === USER_AND_PASSWORD && login) {
    yield Buffer.concat([Buffer.from([1]), short('user', user), short('password', password)]);
    if ((yield 2)[1] !== 0) throw 'it refused the user and password';
  } else if (method === 0xff) {
    throw login ? 'it takes no user and password' : 'it wants a user and password';
  } else if (method !== NO_AUTHENTICATION) {
    throw `it chose the authentication ${method}, which was not offered`;
  }
  yield Buffer.concat([Buffer.from([VERSION, 1, 0]), address(host), Buffer.from([port >> 8, port & 0xff])]);
  const [again, code, , kind] = yield 4;
  if (again !== VERSION) throw 'it is no SOCKS 5 proxy';
  if (code !== 0) throw REFUSALS[code] ?? `failure ${code}`;
  // What the proxy bound is of no interest, but stands before the target's first byte.
  const length = kind === 3 ? (yield 1)[0] : { 1: 4, 4: 16 }[kind];
  if (length === undefined) throw `its answer has an address of the unknown kind ${kind}`;
  yield length + 2;
}

function short(what, text) {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw `the ${what} has more than 255 bytes`;
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function address(host) {
  const kind = isIP(host);
  if (kind === 4) return Buffer.from([1, ...host.split('.').map(Number)]);
  if (kind === 6) return Buffer.concat([Buffer.from([4]), sixteen(host)]);
  return Buffer.concat([Buffer.from([3]), short('name', host)]);
}

/** The bytes of an IPv6 address; the URL parser writes it in its shortest form, without dots. */
function sixteen(ip) {
  const [head, tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::');
  const groups = (text) => (text ? text.split(':') : []);
  const [front, back] = [groups(head), groups(tail)];
  const all = [...front, ...Array(8 - front.length - back.length).fill('0'), ...back];
  return Buffer.from(all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}

function* http(host, port, user, password) {
  const login = user !== undefined;
  const target = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  const basic = login ? `Proxy-Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}\r\n` : '';
  yield Buffer.from(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${basic}\r\n`);
  let head = '';
  while (!head.endsWith('\r\n\r\n') && !head.endsWith('\n\n')) {
    if (head.length === LONGEST_HEAD) throw `its answer has no end within ${LONGEST_HEAD} bytes`;
    head += (yield 1).toString('latin1');
    if (!head.startsWith('HTTP/'.slice(0, head.length))) throw 'it is no HTTP proxy';
  }
  const [, version, status, said = ''] = /^(\S*) ?(\S*) ?(.*)/.exec(Buffer.from(head, 'latin1').toString().split('\n')[0].trimEnd());
  if (!version.startsWith('HTTP/1.') || !/^\d{3}$/.test(status)) throw 'its answer is no HTTP';
  // Who was told a password may repeat it in his reason.
  const told = `${status} ${login ? '' : said.replace(/\p{Cc}/gu, '').slice(0, 200)}`.trimEnd();
  if (status === '407') throw login ? `it refused the user and password (${told})` : `it wants a user and password (${told})`;
  if (!status.startsWith('2')) throw `it refused the connection (${told})`;
}
