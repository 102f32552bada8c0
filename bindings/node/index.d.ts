/** Sends mail through a sandboxed SMTP client that writes down every conversation. */

export interface Server {
  /** A host name or an address. */
  host: string;
  /** Default 587. */
  port?: number;
  /** Default: on port 465, and STARTTLS on every other. */
  tlsAtOnce?: boolean;
  user?: string;
  /** The password, or the name of a secret that the host was given. */
  password?: string | { named: string };
  /** OAuth 2.0; `user` must be the mailbox it was made for. */
  accessToken?: string | { named: string };
  /** Default: the best that is offered. */
  authenticationMode?:
    | 'scram-sha256-plus' | 'scram-sha256' | 'scram-sha1' | 'cram-md5' | 'plain' | 'login'
    | 'oauth2' | 'xoauth2' | 'oauthbearer' | 'external';
  /** Default false: without TLS nothing is sent. */
  acceptUnsecureConnection?: boolean;
  /** Seconds; default 30. */
  connectionTimeOut?: number;
  /** Seconds; default 100. */
  sendTimeOut?: number;
  keepAlive?: boolean;
  /** Name of the extended log, in the host's log folder. */
  logFile?: string;
  logLanguage?: 'english' | 'spanish';
  ehloName?: string;
  initialResponse?: boolean;
  pipelining?: boolean;
  chunking?: boolean;
  trust?: Trust;
  proxy?: Proxy;
}

/** A proxy that connects to the server on our behalf, and resolves its name. */
export interface Proxy {
  kind: 'socks5' | 'http-connect';
  host: string;
  port: number;
  user?: string;
  password?: string;
}

export interface Trust {
  roots: ({ tag: 'mozilla' } | { tag: 'pem'; val: Uint8Array })[];
  /** SHA-256 of the server's certificate: 32 bytes. */
  pinSha256?: Uint8Array;
  /** PEM with certificate and key. */
  clientCertificate?: { pem: { tag: 'value'; val: string } };
}

/** `a@b`, `Name <a@b>`, or its parts. */
export type Address = string | { name?: string; email: string };
export type Addresses = Address | Address[];

export interface Attachment {
  /** A file, streamed while it is sent. */
  path?: string;
  content?: string | Uint8Array;
  name?: string;
  mediaType?: string;
  cid?: string;
  disposition?: 'attachment' | 'inline';
}

export interface Mail {
  from?: Addresses;
  sender?: Address;
  replyTo?: Addresses;
  to?: Addresses;
  cc?: Addresses;
  bcc?: Addresses;
  subject?: string;
  textBody?: string;
  htmlBody?: string;
  attachments?: Attachment[];
  headers?: { name: string; value: string }[];
  inReplyTo?: string[];
  references?: string[];
  messageId?: string;
  /** RFC 3339 with offset. */
  sendAt?: string;
  keywords?: string[];
  comments?: string;
  envelope?: Envelope;
  options?: DeliveryOptions;
}

export type Notify = 'never' | ('success' | 'failure' | 'delay')[];

export interface Envelope {
  /** The empty text is the null reverse-path. */
  from: string;
  recipients: (string | { email: string; notify?: Notify; original?: string })[];
  options?: DeliveryOptions;
}

export interface DeliveryOptions {
  requireAll?: boolean;
  returnContent?: 'full' | 'headers';
  envelopeId?: string;
  notify?: Notify;
  requireTls?: boolean;
  priority?: number;
  /** Seconds. */
  holdFor?: number;
}

export interface Reply {
  status: number;
  enhanced?: string;
  text: string;
}

export interface RecipientResult {
  email: string;
  accepted: boolean;
  reply: Reply;
}

export interface Receipt {
  reply: Reply;
  messageId?: string;
  bytes: bigint;
  recipients: RecipientResult[];
  tls?: { version: string; cipher: string };
  warnings: string[];
}

/** Why a mail did not go; `message` says what it means and what to do. */
export class SendError extends Error {
  /** `resolve connect tls greeting ehlo starttls auth mail-from rcpt-to data content quit policy input` */
  phase: string;
  kind: string;
  reply?: Reply;
  /** The reply's code; 0 where no reply is the cause. */
  status: number;
  /** `unknown`: sending again may deliver twice. */
  delivery: 'not-accepted' | 'accepted' | 'unknown';
  retry: 'later' | 'never' | 'after-change';
  recipients: RecipientResult[];
  warnings: string[];
}

export class LogError extends Error {
  kind: 'denied' | 'invalid-name' | 'unwritable';
}

export interface HostOptions {
  /** Where logs may be written; without it there are none. */
  logFolder?: string;
  /** Newest files of the regular log that stay; default 50, 0 keeps all. */
  logKeep?: number;
  logUtc?: boolean;
  /** Credentials that settings may name instead of carrying them. */
  secrets?: Record<string, string>;
}

/** The logs and the network of a program. Make one and keep it. */
export class Host {
  constructor(options?: HostOptions);
  /** 0 turns the regular log off, N on, with `SMTPLog_N.txt` as first file. */
  setLog(firstFile: number): void;
  /** Opens no connection. The transporter reaches its own server and nothing else. */
  transporter(server: Server): Promise<Transporter>;
  close(): Promise<void>;
}

/** One server and one connection to it, in a thread and a sandbox of its own. */
export class Transporter {
  private constructor();
  send(mail: Mail): Promise<Receipt>;
  /** A finished RFC 5322 message. */
  sendMessage(envelope: Envelope, message: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Receipt>;
  checkConnection(): Promise<Reply>;
  close(): Promise<void>;
}
