"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const app = document.getElementById("app");
  if (!app) return;
  const t = key => data.labels[key] ?? key;
  const PAGE = 100;
  const PHASES = ["connect", "greeting", "ehlo", "starttls", "tls", "auth", "noop", "envelope", "data", "reply", "quit", "idle"];

  // Every text goes in as text: nothing of a log is ever read as HTML.
  const el = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
  };
  const bdi = text => el("bdi", {}, text);

  const duration = ms => {
    if (ms === null || ms === undefined) return "";
    const of = (unit, name) => {
      const value = ms / unit;
      return `${value < 10 && ms % unit ? value.toFixed(1) : value.toFixed(0)} ${name}`;
    };
    if (ms < 1e3) return `${ms} ms`;
    if (ms < 12e4) return of(1e3, "s");
    if (ms < 72e5) return of(6e4, "min");
    if (ms < 1728e5) return of(36e5, "h");
    return of(864e5, "d");
  };
  const size = bytes => bytes < 1e3 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const moment = stamp => stamp ? stamp.slice(0, 19).replace("T", " ") : "?";
  const sender = mail => mail.sender === null ? "?" : mail.sender === "" ? t("null-sender") : mail.sender;
  const causeOf = entry => entry.failures.length ? data.causes[entry.failures.at(-1).cause] : null;

  for (const entry of data.entries) {
    const mails = entry.mails.flatMap(mail => [mail.sender, mail.subject, mail.messageId, mail.reply, ...mail.recipients.flat()]);
    const failures = entry.failures.flatMap(one => [one.words, one.recipient, data.causes[one.cause].title, data.causes[one.cause].class]);
    entry.words = [entry.number, entry.started, entry.server, entry.process, ...mails, ...failures].filter(Boolean).join("\n").toLowerCase();
    entry.what = entry.mails.length ? sender(entry.mails[0]) : "";
    entry.why = causeOf(entry)?.title ?? "";
  }

  // The table: what is shown of it, and in which order.
  const ORDER = ["failed", "partly", "unknown", "unfinished", "accepted", "checked"];
  const COLUMNS = [
    ["number", "number", entry => entry.number],
    ["time", "started", entry => entry.started ?? ""],
    ["fromto", "from-to", entry => entry.what],
    ["server", "server", entry => entry.server ?? ""],
    ["outcome", "outcome", entry => `${ORDER.indexOf(entry.outcome)} ${entry.why}`],
    ["duration", "duration", entry => entry.duration ?? -1],
  ];
  const state = { sort: "number", down: false, text: "", outcome: "", cause: "", shown: PAGE };
  let rows = [];

  const fits = entry =>
    (!state.outcome || (state.outcome === "problems" ? ["failed", "partly", "unknown"].includes(entry.outcome) : entry.outcome === state.outcome)) &&
    (!state.cause || entry.failures.some(one => data.causes[one.cause].class === state.cause)) &&
    state.text.split(/\s+/).every(word => entry.words.includes(word));

  const select = (label, key, choices) => {
    const box = el("select", { onchange: () => { state[key] = box.value; state.shown = PAGE; update(); } },
      ...choices.map(([value, name]) => el("option", { value }, name)));
    state[`${key}Box`] = box;
    return el("label", {}, label, box);
  };
  const present = [...new Set(data.entries.map(entry => entry.outcome))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const causes = [...new Map(data.causes.map(cause => [cause.class, cause.title]))].sort((a, b) => a[1].localeCompare(b[1]));
  const search = el("input", { type: "search", placeholder: t("search-hint"), autocomplete: "off", spellcheck: "false",
    oninput: () => { state.text = search.value.trim().toLowerCase(); state.shown = PAGE; update(); } });
  const count = el("output", { "aria-live": "polite" });
  const filters = el("form", { class: "filters", role: "search", onsubmit: event => event.preventDefault() },
    el("label", { class: "search" }, t("search"), search),
    select(t("outcome"), "outcome", [["", t("all")], ["problems", t("problems")], ...present.map(name => [name, t(name)])]),
    causes.length ? select(t("cause"), "cause", [["", t("all")], ...causes]) : null,
    count);

  const heads = COLUMNS.map(([key, label]) => el("th", { scope: "col", class: `c-${key}${key === "duration" ? " number" : ""}`, "aria-sort": "none" },
    el("button", { type: "button", onclick: () => {
      state.down = state.sort === key ? !state.down : key === "duration";
      state.sort = key;
      update();
    } }, t(label))));
  const body = el("tbody");
  const table = el("table", { class: "list", "aria-labelledby": "h-conversations" }, el("thead", {}, el("tr", {}, ...heads)), body);
  const more = el("p", { class: "more" });
  app.append(filters, table, more);

  // A cell over all columns that are shown; a narrow page hides some.
  const span = () => heads.filter(head => head.checkVisibility()).length;
  addEventListener("resize", () => body.querySelectorAll("[colspan]").forEach(cell => { cell.colSpan = span(); }));

  const update = () => {
    const [, , value] = COLUMNS.find(([key]) => key === state.sort);
    const turn = state.down ? -1 : 1;
    rows = data.entries.filter(fits).sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return (x < y ? -1 : x > y ? 1 : 0) * turn || a.number - b.number;
    });
    COLUMNS.forEach(([key], place) => heads[place].setAttribute("aria-sort", key !== state.sort ? "none" : state.down ? "descending" : "ascending"));
    body.replaceChildren(...rows.slice(0, state.shown).map(row));
    if (!rows.length) body.append(el("tr", {}, el("td", { class: "empty", colspan: span() }, t("none-fits"))));
    tell();
  };
  const tell = () => {
    const shown = Math.min(rows.length, state.shown);
    count.textContent = rows.length === data.entries.length && shown === rows.length ? String(shown) : `${shown} ${t("of")} ${rows.length} ${t("shown")}`;
    const grow = by => () => {
      const before = shown;
      state.shown += by;
      body.append(...rows.slice(before, state.shown).map(row));
      tell();
      body.querySelectorAll(".open-it")[before]?.focus();
    };
    more.replaceChildren(...(shown < rows.length ? [
      el("button", { type: "button", onclick: grow(PAGE) }, t("more")),
      el("button", { type: "button", onclick: grow(rows.length) }, `${t("every")} (${rows.length})`),
    ] : []));
  };

  const row = entry => {
    const id = `d${entry.number}`;
    const button = el("button", { type: "button", class: "open-it", "aria-expanded": "false", "aria-label": `${t("details")} ${entry.number}`, id: `b${entry.number}` }, String(entry.number));
    const others = entry.mails.length - 1;
    const to = entry.mails.flatMap(mail => mail.recipients.map(([address]) => address));
    const line = el("tr", { class: "row" },
      el("th", { scope: "row", class: "c-number" }, button),
      el("td", { class: "c-time" }, moment(entry.started)),
      el("td", { class: "c-fromto" },
        entry.mails.length ? bdi(sender(entry.mails[0])) : "–",
        others > 0 ? ` +${others}` : null,
        to.length ? el("span", { class: "to" }, "→ ", bdi(to[0]), to.length > 1 ? ` +${to.length - 1}` : "") : null),
      el("td", { class: "c-server" }, entry.server ? bdi(entry.server) : "–"),
      el("td", { class: "c-outcome" }, el("span", { class: `badge ${entry.outcome}` }, t(entry.outcome)),
        entry.why ? el("span", { class: "why" }, entry.why) : null),
      el("td", { class: "c-duration number" }, duration(entry.duration)));
    const toggle = () => {
      const opens = button.getAttribute("aria-expanded") === "false";
      button.setAttribute("aria-expanded", String(opens));
      if (opens) {
        const cell = el("td", { colspan: span() });
        line.after(el("tr", { class: "detail", id }, cell));
        button.setAttribute("aria-controls", id);
        cell.append(...detail(entry, cell));
      } else {
        document.getElementById(id)?.remove();
        button.removeAttribute("aria-controls");
      }
    };
    line.addEventListener("click", event => {
      if (event.target === button || (!event.target.closest("button, a") && !String(getSelection()))) toggle();
    });
    return line;
  };

  // One conversation, built when it is opened.
  const fact = (list, name, ...value) => { if (value.some(Boolean)) list.append(el("dt", {}, name), el("dd", {}, ...value)); };

  const explained = (entry, one) => {
    const cause = data.causes[one.cause];
    return el("div", { class: "explained" },
      el("h3", {}, cause.title),
      one.words ? el("blockquote", {}, bdi(one.words)) : null,
      ...cause.meaning.map(text => el("p", { class: "quiet" }, text)),
      cause.provider ? el("p", { class: "quiet" }, `${t("said-by")} ${cause.provider}.`) : null,
      el("p", { class: "do" }, `${t("advice")}: ${cause.advice}`),
      el("p", {}, `${t("retry")} ${t(`retry-${cause.retry}`)}`),
      el("p", { class: "quiet" }, one.recipient ? [bdi(one.recipient), ", "].map(part => part.textContent ?? part).join("") : "",
        `${t(`phase-${one.phase}`)}, ${t("line")} ${one.line}`));
  };

  const mailFacts = (mail, place, many) => {
    const list = el("dl", { class: "facts" });
    fact(list, t("sender"), bdi(sender(mail)));
    const listed = mail.recipients.map(([address, standing, words]) => el("div", {}, bdi(address), " ",
      standing === "accepted" ? null : el("span", { class: `badge ${standing}` }, t(standing)), words ? ` ${words}` : null));
    const rest = mail.accepted + mail.refused - mail.recipients.length;
    fact(list, t("recipients"), ...listed, rest > 0 ? `${t("and-more")} ${rest}` : null);
    fact(list, t("subject"), mail.subject && bdi(mail.subject));
    fact(list, "Message-ID", mail.messageId && bdi(mail.messageId));
    fact(list, t("size"), mail.size === null ? null : size(mail.size));
    fact(list, t("outcome"), el("span", { class: `badge ${mail.delivery}` }, t(mail.delivery === "unknown" ? "unknown" : mail.delivery)));
    fact(list, t("reply"), mail.reply && bdi(mail.reply));
    return [el("h3", {}, many ? `${t("mail")} ${place + 1}` : t("mail")), list];
  };

  const detail = (entry, cell) => {
    const facts = el("dl", { class: "facts" });
    fact(facts, t("server"), entry.server && bdi(entry.server), entry.port ? `, ${t("port")} ${entry.port}` : null);
    const tls = ["on", "off", "failed", "unknown"].includes(entry.tls) ? t(`tls-${entry.tls}`) : entry.tls;
    fact(facts, t("tls"), bdi(entry.certificate ? `${tls}, ${entry.certificate}` : tls));
    fact(facts, t("login"), entry.login ? `${entry.login[0]}, ${t(`login-${entry.login[1]}`)}` : t("login-none"));
    fact(facts, t("process"), entry.process);
    fact(facts, t("log-lines"), `${entry.lines[0]}–${entry.lines[1]} (${entry.lines[2]} ${t("lines")})`);
    const parts = [
      ...entry.failures.map(one => explained(entry, one)),
      facts,
      ...entry.mails.flatMap((mail, place) => mailFacts(mail, place, entry.mails.length > 1)),
      ...timeline(entry),
    ];
    if (entry.said) {
      parts.push(el("h3", {}, t("sequence")), sequence(entry, cell.clientWidth), lines(entry));
    } else {
      parts.push(el("p", { class: "quiet" }, `${t("lines-capped")} ${entry.lines[0]}–${entry.lines[1]}.`));
    }
    return parts;
  };

  const timeline = entry => {
    const all = entry.phases.filter(([, ms]) => ms > 0);
    if (!all.length) return [];
    const total = all.reduce((sum, [, ms]) => sum + ms, 0);
    const parts = all.map(([name, ms]) => el("i", { class: `p${PHASES.indexOf(name)}`, style: `flex:${ms / total} 0 2px`, title: `${t(`phase-${name}`)}: ${duration(ms)}` }));
    const legend = all.map(([name, ms]) => el("li", { class: `p${PHASES.indexOf(name)}` }, `${t(`phase-${name}`)} ${duration(ms)}`));
    const slow = entry.waits.map(([phase, ms, line]) => `${t(`phase-${phase}`)} ${duration(ms)} (${t("line")} ${line})`);
    return [
      el("h3", {}, `${t("timeline")}: ${duration(entry.duration)}`),
      el("div", { class: "timeline", "aria-hidden": "true" }, ...parts),
      el("ul", { class: "legend" }, ...legend),
      slow.length ? el("p", { class: "quiet" }, `${t("slow")} ${slow.join(", ")}`) : null,
    ].filter(Boolean);
  };

  const NS = "http://www.w3.org/2000/svg";
  const svg = (name, attributes, ...children) => {
    const node = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const wrapped = (text, width, most) => {
    const pieces = [];
    for (const line of text.split("\n")) {
      let rest = line;
      while (rest.length > width && pieces.length < most) {
        const blank = rest.lastIndexOf(" ", width);
        const cut = blank > width / 2 ? blank : width;
        pieces.push(rest.slice(0, cut));
        rest = rest.slice(cut).trimStart();
      }
      pieces.push(rest);
    }
    if (pieces.length > most) return [...pieces.slice(0, most - 1), `${pieces[most - 1].slice(0, width - 1)}…`];
    return pieces;
  };

  const sequence = (entry, room) => {
    const width = Math.max(280, Math.min(room - 8, 900));
    const narrow = width < 520;
    const [left, right] = narrow ? [14, width - 14] : [150, width - 90];
    const columns = Math.floor((right - left - 20) / 7.3);
    const wrong = new Set(entry.failures.map(one => one.line));
    const parts = [];
    let y = 34;
    let before = 0;
    for (const [mark, ms, text, line] of entry.said) {
      const isEvent = mark === "#";
      const said = mark === "=" ? `… ${text} ${t("content-lines")}` : text || " ";
      const pieces = wrapped(said, isEvent ? Math.floor((right - left) / 6.6) : columns, 4);
      const lastOfReply = mark === "S" && !/^\d\d\d-/.test(text);
      const group = svg("g", { class: `${isEvent ? "event" : "say"}${wrong.has(line) ? " wrong" : ""}` });
      if (ms - before >= 1000 && !isEvent) y += 4;
      const top = y;
      if (isEvent) {
        const height = pieces.length * 15 + 9;
        group.append(svg("rect", { x: left - 8, y: top, width: right - left + 16, height, rx: 5 }));
        pieces.forEach((piece, place) => group.append(svg("text", { x: (left + right) / 2, y: top + 16 + place * 15, "text-anchor": "middle" }, piece)));
        y = top + height + 8;
      } else {
        const [from, to, step] = mark === "S" ? [right, left, 1] : [left, right, -1];
        pieces.forEach((piece, place) => group.append(svg("text", { x: mark === "S" ? right - 10 : left + 10, y: top + 12 + place * 15, "text-anchor": mark === "S" ? "end" : "start" }, piece)));
        y = top + pieces.length * 15 + 3;
        if (mark !== "S" || lastOfReply) {
          group.append(svg("path", { class: "go", d: `M${from} ${y}H${to + step * 7}` }));
          group.append(svg("path", { class: "tip", d: `M${to} ${y}l${step * 8} -4v8z` }));
          y += 11;
        }
      }
      if (!narrow) {
        const jump = ms - before;
        if (jump > 0 || ms === 0 && parts.length === 0) group.append(svg("text", { class: "when", x: 8, y: top + 12 }, `${(ms / 1000).toFixed(3)} s${jump >= 1000 ? ` (+${duration(jump)})` : ""}`));
      } else if (ms - before >= 1000) {
        group.append(svg("text", { class: "when", x: (left + right) / 2, y: top, "text-anchor": "middle" }, `+${duration(ms - before)}`));
      }
      before = ms;
      parts.push(group);
    }
    const height = y + 10;
    const picture = svg("svg", { class: "sequence", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${t("sequence")}: ${entry.said.length} ${t("lines")}` },
      svg("text", { class: "head", x: left, y: 20, "text-anchor": narrow ? "start" : "middle" }, t("client")),
      svg("text", { class: "head", x: right, y: 20, "text-anchor": narrow ? "end" : "middle" }, narrow || (entry.server ?? "").length > 22 ? t("server") : entry.server ?? t("server")),
      svg("path", { class: "life", d: `M${left} 28V${height - 6}` }),
      svg("path", { class: "life", d: `M${right} 28V${height - 6}` }),
      ...parts);
    picture.style.maxWidth = `${width}px`;
    return picture;
  };

  const lines = entry => {
    const who = { C: t("client"), S: t("server"), "#": "", "=": t("client") };
    const list = el("tbody", {}, ...entry.said.map(([mark, ms, text, line]) => el("tr", {},
      el("th", { scope: "row", class: "number" }, String(line)), el("td", { class: "number" }, `${(ms / 1000).toFixed(3)}`), el("td", {}, who[mark]),
      el("td", {}, bdi(mark === "=" ? `… ${text} ${t("content-lines")}` : text)))));
    return el("details", {}, el("summary", {}, t("log-lines")),
      el("table", { class: "said" },
        el("thead", { class: "unseen" }, el("tr", {}, ...["line", "time", "who", "text"].map(key => el("th", { scope: "col" }, t(key))))), list),
      entry.leftOut ? el("p", { class: "quiet" }, `${entry.leftOut} ${t("lines-left")}`) : "");
  };

  // Buttons of the charts lead into the table.
  const clear = () => { search.value = ""; Object.assign(state, { text: "", outcome: "", cause: "", shown: PAGE }); };
  const setBoxes = () => { for (const key of ["outcome", "cause"]) if (state[`${key}Box`]) state[`${key}Box`].value = state[key]; };
  for (const button of document.querySelectorAll("[data-cause]")) {
    button.addEventListener("click", () => {
      clear();
      state.cause = button.dataset.cause;
      setBoxes();
      update();
      document.getElementById("h-conversations").scrollIntoView();
      body.querySelector(".open-it")?.focus({ preventScroll: true });
    });
  }
  for (const button of document.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => {
      clear();
      setBoxes();
      state.shown = Math.max(PAGE, Number(button.dataset.open));
      Object.assign(state, { sort: "number", down: false });
      update();
      const target = document.getElementById(`b${button.dataset.open}`);
      if (!target) return;
      target.click();
      target.focus();
      target.scrollIntoView({ block: "start" });
    });
  }
  update();
})();
