// Sends files, three at a time, and shows where each stands. Names stay in this page; nothing is stored.

import { offerChoice } from "./choosing.mjs";
import { Delivery, SignedOut, Stopped } from "./delivery.mjs";
import { count, paintTotals, totals } from "./totals.mjs";

const AT_ONCE = 3;
const STOPPABLE = 8 * 1024 * 1024;
const ASK_MS = 1500;
const ASK_MS_SLOWEST = 12000;
const ASKED_AT_ONCE = 500;
const NAMES_SHOWN = 200;

const form = document.getElementById("upload");
const list = document.getElementById("upload-rows");
const template = document.getElementById("upload-row");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

let batch = null; // the promise of the addresses of this upload
let running = 0;
const queue = [];
const unsettled = new Map(); // position on the server -> row
const painted = new Set();

const STATES = {
  waiting: "Waiting",
  sending: "Sending",
  received: "Received",
  interrupted: "Waiting for the portal",
  failed: "Not sent",
};

const NO_ANSWER = "The portal does not answer. Sending goes on by itself when it does.";
const STOPPED = "You stopped it.";
const SIGNED_OUT = "You are signed out. Load this page again, sign in, and choose the files once more.";

function makeRow(name) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.querySelector(".upload-row__name").textContent = name.slice(-NAMES_SHOWN);
  row.querySelector(".upload-row__name").title = name;
  return row;
}

function show(row, state, label, reason = "") {
  const badge = row.querySelector(".badge");
  badge.className = `badge badge--${state}`;
  badge.textContent = label;
  row.querySelector(".upload-row__reason").textContent = reason;
}

function later(work) {
  if (painted.size === 0) {
    requestAnimationFrame(() => {
      const all = [...painted];
      painted.clear();
      for (const one of all) one();
    });
  }
  painted.add(work);
}

const paint = () => paintTotals(unsettled.size);

function begin() {
  if (batch === null) {
    batch = fetch(form.dataset.begin, { method: "POST", headers: { "X-CSRFToken": token } }).then((answer) => {
      if (answer.redirected) throw new SignedOut();
      if (!answer.ok) throw new Error("begin");
      return answer.json();
    });
    batch.catch(() => {
      batch = null;
    });
  }
  return batch;
}

function add(files) {
  if (files.length === 0) return;
  document.getElementById("progress").hidden = false;
  const rows = document.createDocumentFragment();
  for (const { file, name } of files) {
    const entry = { file, name, row: makeRow(name), sent: 0 };
    show(entry.row, "received", STATES.waiting);
    queue.push(entry);
    totals.files += 1;
    totals.bytes += file.size;
    rows.append(entry.row);
  }
  list.append(rows);
  later(paint);
  pump();
}

function retry(entry) {
  totals.lost -= 1;
  totals.done -= 1;
  count(entry, 0);
  show(entry.row, "received", STATES.waiting);
  offer(entry, "", null);
  queue.push(entry);
  later(paint);
  pump();
}

function offer(entry, words, act) {
  const button = entry.row.querySelector("button");
  button.hidden = words === "";
  button.textContent = words;
  button.setAttribute("aria-label", `${words}: ${entry.name.slice(-NAMES_SHOWN)}`);
  button.onclick = act;
}

function pump() {
  while (running < AT_ONCE && queue.length > 0) {
    running += 1;
    const entry = queue.shift();
    send(entry)
      .catch((fault) => lose(entry, fault))
      .finally(() => {
        running -= 1;
        totals.done += 1;
        count(entry, entry.file.size);
        later(paint);
        pump();
        finishIfDone();
      });
  }
}

async function send(entry) {
  let shown = 0;
  let last = entry.row;
  const delivery = new Delivery(entry.file, {
    token,
    addresses: begin,
    onSent(bytes) {
      count(entry, bytes);
      later(() => {
        if (entry.sent < entry.file.size) show(entry.row, "processing", `${STATES.sending} ${percent(entry)}`);
        paint();
      });
    },
    onRows(rows) {
      for (const facts of rows) {
        const row = shown === 0 ? entry.row : memberRow(entry, shown);
        if (shown > 0) last.after(row);
        last = row;
        shown += 1;
        if (facts.state === "refused") totals.refused += 1;
        apply(row, facts);
      }
      if (unsettled.size > 0) askSoon();
      later(paint);
    },
    onWaiting(seconds) {
      const row = shown === 0 ? entry.row : last;
      if (shown === 0) show(row, "held", STATES.interrupted, `${NO_ANSWER} Next try in ${seconds} s.`);
      offer(entry, "Stop", () => delivery.stop());
    },
  });
  show(entry.row, "processing", `${STATES.sending} 0 %`);
  if (entry.file.size > STOPPABLE) offer(entry, "Stop", () => delivery.stop());
  await delivery.run();
  offer(entry, "", null);
}

function percent({ sent, file }) {
  return `${file.size ? Math.floor((100 * sent) / file.size) : 100} %`;
}

function memberRow(entry, number) {
  const row = makeRow(`${entry.name}, file ${number + 1}`);
  row.querySelector("button").remove();
  return row;
}

function apply(row, facts) {
  show(row, facts.state, facts.label, facts.reason);
  if (facts.settled) unsettled.delete(facts.position);
  else unsettled.set(facts.position, row);
}

function lose(entry, fault) {
  totals.lost += 1;
  if (fault instanceof SignedOut) {
    show(entry.row, "failed", STATES.failed, SIGNED_OUT);
    offer(entry, "", null);
    return;
  }
  show(entry.row, "failed", STATES.failed, fault instanceof Stopped ? STOPPED : fault.message || NO_ANSWER);
  offer(entry, "Send again", () => retry(entry));
}

let asking = null;
let pause = ASK_MS;

function askSoon() {
  pause = ASK_MS;
  if (asking === null) asking = setTimeout(ask, pause);
}

async function ask() {
  const changed = await news().catch(() => false); // away for now: asked again after a longer pause
  asking = null;
  pause = changed ? ASK_MS : Math.min(pause * 1.5, ASK_MS_SLOWEST);
  later(paint);
  if (unsettled.size > 0) asking = setTimeout(ask, pause);
  finishIfDone();
}

async function news() {
  const positions = [...unsettled.keys()].slice(0, ASKED_AT_ONCE);
  const addresses = await begin();
  const answer = await fetch(addresses.rows, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams({ positions: positions.join(",") }),
  });
  if (!answer.ok) return false;
  let changed = false;
  for (const facts of (await answer.json()).rows) {
    const row = unsettled.get(facts.position);
    if (row === undefined) continue;
    if (facts.settled) changed = true;
    apply(row, facts);
  }
  return changed;
}

function finishIfDone() {
  if (running > 0 || queue.length > 0 || batch === null) return;
  arrivals().catch(() => setTimeout(finishIfDone, ASK_MS_SLOWEST));
}

async function arrivals() {
  const place = document.getElementById("arrived");
  if (place.matches(":focus-within") || place.querySelector("[data-camera]:not([hidden])")) return; // a card is being read
  const addresses = await batch;
  const answer = await fetch(addresses.rows, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  place.innerHTML = await answer.text();
  document.getElementById("after-upload").hidden = true;
}

sessionStorage.clear(); // the desk's other pages note the last path there; nothing stays behind from here on
offerChoice(form, add);
window.addEventListener("beforeunload", (event) => {
  if (running > 0 || queue.length > 0) event.preventDefault();
});
