// The handshake, and what can be said of the certificate.

import tls from 'node:tls';
import { Duplex } from 'node:stream';

/** RFC 9266 §2. */
const EXPORTER_LABEL = 'EXPORTER-Channel-Binding';
const MOST_NAMES = 100;
/** OpenSSL's codes and the interface's names. */
const CHECKS = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown-issuer',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-issuer',
  CERT_REVOKED: 'revoked',
  CERT_SIGNATURE_FAILURE: 'bad-signature',
  INVALID_PURPOSE: 'not-for-servers',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
};

/** Turns a TCP stream that nothing was read from ahead into TLS. Rejects with the interface's `socket-error`. */
export function handshake(tcp, settings) {
  const pin = settings.trust?.pinSha256;
  const sniffed = new Sniff(tcp);
  return new Promise((resolve, reject) => {
    let stream;
    try {
      stream = tls.connect({
        socket: sniffed,
        servername: /^[\d.]+$|:/.test(settings.serverName) ? '' : settings.serverName,
        host: settings.serverName,
        minVersion: 'TLSv1.2',
        // Judged below, where the certificate can be told of.
        rejectUnauthorized: false,
        ...trust(settings.trust),
      });
    } catch (error) {
      return reject({ tag: 'bad-trust', val: error.message });
    }
    stream.once('secureConnect', () => {
      const certificate = stream.getPeerX509Certificate();
      const refusal = judge(stream, certificate, pin);
      if (refusal) {
        stream.destroy();
        return reject({ tag: 'certificate-refused', val: { ...refusal, certificate: facts(certificate) } });
      }
      stream.removeAllListeners('error');
      resolve({ stream, session: session(stream, settings.serverName, certificate) });
    });
    stream.once('error', (error) => {
      if (sniffed.notTls) return reject({ tag: 'not-tls', val: sniffed.notTls });
      if (!error.code?.startsWith('ERR_SSL')) return reject(error);
      const common = /VERSION|PROTOCOL|NO_SHARED_CIPHER|HANDSHAKE_FAILURE/.test(error.code);
      reject({ tag: common ? 'no-common-tls' : 'handshake', val: error.reason ?? error.message });
    });
    stream.once('close', () => reject(sniffed.notTls ? { tag: 'not-tls', val: sniffed.notTls } : { tag: 'lost' }));
  });
}

/** Passes bytes on, and notices a server that speaks no TLS by its first ones. */
class Sniff extends Duplex {
  #tcp;
  constructor(tcp) {
    super();
    this.#tcp = tcp;
    let first = true;
    tcp.on('data', (piece) => {
      if (first && (piece[0] < 20 || piece[0] > 23)) {
        this.notTls = new Uint8Array(piece.subarray(0, 64));
        return this.destroy(new Error('no TLS'));
      }
      first = false;
      if (!this.push(piece)) tcp.pause();
    });
    tcp.on('end', () => this.push(null));
    tcp.on('error', (error) => this.destroy(error));
  }
  _read() {
    this.#tcp.resume();
  }
  _write(piece, encoding, done) {
    this.#tcp.write(piece, encoding, done);
  }
  _final(done) {
    this.#tcp.end(done);
  }
  _destroy(error, done) {
    this.#tcp.destroy();
    done(error);
  }
}

function trust(given) {
  const roots = given?.roots?.length ? given.roots : [{ tag: 'mozilla' }];
  const ca = roots.flatMap((root) => {
    if (root.tag === 'pem') return [Buffer.from(root.val).toString()];
    if (root.tag === 'mozilla') return tls.rootCertificates;
    throw new Error("this host does not know the machine's own roots: give them as PEM");
  });
  const pem = given?.clientCertificate?.pem;
  if (pem && pem.tag !== 'value') throw new Error('this host takes a client certificate by value only');
  return pem ? { ca, cert: pem.val, key: pem.val } : { ca };
}

function judge(stream, certificate, pin) {
  if (pin) {
    const same = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').equals(Buffer.from(pin));
    return same ? undefined : { check: 'pin-mismatch', detail: 'it is not the pinned certificate' };
  }
  const error = stream.authorizationError;
  if (!error) return undefined;
  const code = error.code ?? String(error);
  return { check: CHECKS[code] ?? 'other', detail: error.reason ?? code };
}

function session(stream, serverName, certificate) {
  const version = stream.getProtocol();
  const exported = version === 'TLSv1.3' ? stream.exportKeyingMaterial(32, EXPORTER_LABEL) : undefined;
  return {
    version,
    cipher: stream.getCipher().standardName,
    serverName,
    certificate: facts(certificate),
    channelBindingExporter: exported && new Uint8Array(exported),
    // Which hash a certificate was signed with is not to be had here.
    channelBindingEndPoint: undefined,
  };
}

/** The interface's `certificate`. */
function facts(certificate) {
  return {
    subject: name(certificate.subject),
    issuer: name(certificate.issuer),
    names: names(certificate.subjectAltName),
    notBefore: date(certificate.validFrom),
    notAfter: date(certificate.validTo),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** RFC 4514: the last component first. Node.js writes one component a line, the first first. */
function name(text) {
  const escaped = (value) => value.replace(/["+,;<>\\]/g, '\\$&').replace(/^[# ]| $/g, '\\$&');
  const components = (text ?? '').split('\n').filter(Boolean).reverse();
  return components.map((one) => one.replace(/^([^=]+)=(.*)$/, (_, type, value) => `${type}=${escaped(value)}`)).join(',');
}

function names(text) {
  return [...(text ?? '').matchAll(/(?:DNS|IP Address):([^,]+)/g)].map(([, name]) => name.trim()).slice(0, MOST_NAMES);
}

function date(text) {
  return `${new Date(text).toISOString().slice(0, 19)}Z`;
}
