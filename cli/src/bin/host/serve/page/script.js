// Keeps the page up to date. Everything is rendered by the server; this fetches the parts that have changed, and adds
// the lines of the selected conversation as they happen. Text of others only ever becomes textContent.
"use strict";

const byId = id => document.getElementById(id);
const detail = byId("detail");
let selected = Number(detail.dataset.id);
let events = null;
let listTimer = null, logTimer = null;

// ---- parts

const shown = new Map();

async function part(address, into, after) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (answer.redirected) { location.assign("/login"); return false; }
  if (!answer.ok) return false;
  const focused = into.contains(document.activeElement) ? document.activeElement.id || "none" : null;
  const rows = into.querySelector(".rows");
  const scrolled = rows?.scrollTop ?? 0;
  const text = await answer.text();
  if (shown.get(into) === text) { after?.(); return true; }
  shown.set(into, text);
  into.innerHTML = text;
  const now = into.querySelector(".rows");
  if (now) now.scrollTop = scrolled;
  if (focused) (byId(focused) ?? into.querySelector("button, a.row"))?.focus({ preventScroll: true });
  after?.();
  return true;
}

function listQuery() {
  const query = new URLSearchParams(location.search);
  query.set("selected", selected);
  return query;
}

function listChanged() {
  // A flood of mails is one change every second.
  if (listTimer || new URLSearchParams(location.search).has("before")) return;
  listTimer = setTimeout(async () => {
    await part("/part/list?" + listQuery(), byId("list")).catch(() => {});
    listTimer = null;
  }, document.hidden ? 3000 : 400);
}

function logChanged() {
  if (logTimer || document.activeElement?.closest("#log input")) return;
  logTimer = setTimeout(async () => {
    await part("/part/log", byId("log")).catch(() => {});
    logTimer = null;
  }, 200);
}

// ---- the selected conversation

async function select(id, address) {
  selected = id;
  recent = [];
  detail.dataset.id = id;
  history.pushState(null, "", address);
  mark();
  await show();
  detail.focus({ preventScroll: true });
  if (matchMedia("(max-width: 56rem)").matches) detail.scrollIntoView();
  watch();
}

function mark() {
  for (const row of document.querySelectorAll(".row")) {
    if (Number(row.dataset.id) === selected) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

// Lines that came while the server was rendering the others.
let recent = [];

async function show() {
  await part("/part/conversation/" + selected, detail, () => recent.forEach(addLine)).catch(() => {});
}

function lineCame(line) {
  if (line.conversation !== selected) return;
  recent = [...recent.slice(-500), line];
  addLine(line);
}

function addLine({ conversation, file, at, line }) {
  const lines = byId("lines");
  if (conversation !== selected || !lines) return;
  const last = lines.lastElementChild?.dataset.key?.split(":").map(Number);
  if (last && (file < last[0] || (file === last[0] && at <= last[1]))) return;
  const [, stamp, , , ...rest] = line.split(" ");
  const text = rest.join(" ");
  const side = text.startsWith("C > ") ? "client" : text.startsWith("S < ") ? "server" : "event";
  const row = document.createElement("li");
  row.className = side;
  row.dataset.key = file + ":" + at;
  for (const [kind, name, content] of [["time", "", stamp.slice(11)], ["span", "side", side], ["span", "said", text.slice(4)]]) {
    const piece = document.createElement(kind);
    if (name) piece.className = name;
    piece.textContent = content;
    row.append(piece);
  }
  shown.delete(detail);
  const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
  lines.append(row);
  if (atEnd) lines.scrollTop = lines.scrollHeight;
}

// ---- live

function watch() {
  events?.close();
  events = new EventSource("/v1/events?lines=" + (selected || "none"));
  const live = byId("live");
  events.addEventListener("open", () => { live.textContent = "live"; });
  events.addEventListener("error", () => { live.textContent = "connecting…"; });
  // What happened before this connection, or while there was none, is read anew.
  const anew = () => { listChanged(); logChanged(); if (selected) show(); };
  events.addEventListener("hello", anew);
  events.addEventListener("reset", anew);
  events.addEventListener("log", logChanged);
  events.addEventListener("line", event => lineCame(JSON.parse(event.data)));
  events.addEventListener("conversation", event => {
    const summary = JSON.parse(event.data);
    if (summary.id === selected && summary.outcome !== "running") show();
    listChanged();
  });
}

// ---- what the reader does

document.addEventListener("click", event => {
  const row = event.target.closest("a.row");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  select(Number(row.dataset.id), row.href);
});

document.addEventListener("keydown", event => {
  const row = document.activeElement?.closest("a.row");
  if (!row || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const rows = [...document.querySelectorAll("a.row")];
  const at = rows.indexOf(row) + { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length }[event.key];
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, at))].focus();
});

document.addEventListener("submit", async event => {
  const form = event.target;
  if (!("quiet" in form.dataset)) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach(button => { button.disabled = true; });
  const notice = document.createElement("p");
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields, headers: { accept: "application/json" } });
    if (answer.redirected) { location.assign("/login"); return; }
    const kind = answer.headers.get("content-type") ?? "";
    const { good, said } = kind.startsWith("application/json") ? await answer.json() : { good: false, said: await answer.text() };
    notice.className = "notice " + (good ? "good" : "bad");
    notice.textContent = said;
  } catch {
    notice.className = "notice bad";
    notice.textContent = "The service does not answer.";
  }
  byId("notice").replaceChildren(notice);
  buttons.forEach(button => { button.disabled = false; });
  if (form.closest("#log")) form.querySelector("button")?.focus();
  logChanged();
  listChanged();
});

addEventListener("popstate", () => location.reload());

setInterval(() => {
  const running = byId("running");
  if (!running || !("runs" in running.dataset)) return;
  const seconds = Number(running.dataset.seconds) + 1;
  running.dataset.seconds = seconds;
  const two = number => String(number).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  running.textContent = h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  if (seconds % 5 === 0) logChanged();
}, 1000);

if (byId("list").querySelector(".pages")) watch();
