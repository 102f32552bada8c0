// From the mail as people write it in JavaScript to the records of the interface.

export function mail(given, stream) {
  const { from, sender, replyTo, to, cc, bcc, attachments = [], keywords = [], headers = [], ...rest } = given;
  return {
    inReplyTo: [],
    references: [],
    ...rest,
    from: mailboxes(from),
    sender: mailboxes(sender)[0],
    replyTo: mailboxes(replyTo),
    to: mailboxes(to),
    cc: mailboxes(cc),
    bcc: mailboxes(bcc),
    attachments: attachments.map((one) => attachment(one, stream)),
    headers,
    keywords,
    envelope: given.envelope && envelope(given.envelope),
    options: given.options && options(given.options),
  };
}

/** `a@b`, `Name <a@b>`, `{ name, email }`, or a list of them. */
function mailboxes(given) {
  if (given === undefined || given === null) return [];
  return [given].flat().map((one) => {
    if (typeof one !== 'string') return one;
    const found = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<]*?))\s*<([^>]*)>\s*$/.exec(one);
    if (!found) return { email: one.trim() };
    return { name: (found[1]?.replace(/\\(.)/g, '$1') ?? found[2]) || undefined, email: found[3] };
  });
}

function attachment({ content, size, ...rest }, stream) {
  const number = size === undefined ? undefined : BigInt(size);
  return { ...rest, size: number, content: body(content, stream) };
}

function body(content, stream) {
  if (typeof content === 'string') return { tag: 'text', val: content };
  if (content instanceof Uint8Array) return { tag: 'bytes', val: content };
  return { tag: 'stream', val: stream(content.file) };
}

export function envelope({ from, recipients, options: more }) {
  const each = recipients.map((one) => (typeof one === 'string' ? { email: one } : { ...one, notify: notify(one.notify) }));
  return { from, recipients: each, options: more && options(more) };
}

function options({ requireAll = false, requireTls = false, notify: on, ...rest }) {
  return { ...rest, requireAll, requireTls, notify: notify(on) };
}

function notify(given) {
  if (given === undefined) return undefined;
  if (given === 'never') return { tag: 'never' };
  return { tag: 'on', val: Object.fromEntries([given].flat().map((when) => [when, true])) };
}
