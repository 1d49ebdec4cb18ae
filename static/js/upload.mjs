// Sends files one by one, three at a time, and shows where each stands. Names stay in this page; nothing is stored.

const AT_ONCE = 3;
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
const totals = { files: 0, done: 0, bytes: 0, sent: 0, refused: 0, lost: 0 };

const STATES = {
  waiting: "Waiting",
  sending: "Sending",
  received: "Received",
  failed: "Not sent",
};

const NO_ANSWER = "The portal did not answer. Check the connection, then send it again.";
const SIGNED_OUT = "You are signed out. Load this page again, sign in, and choose the files once more.";

class SignedOut extends Error {}

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

function size(bytes) {
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KiB`;
  return `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;
}

function paintTotals() {
  const bar = document.getElementById("overall");
  bar.max = Math.max(totals.bytes, 1);
  bar.value = totals.sent;
  const sending = totals.done < totals.files;
  const waiting = unsettled.size;
  const words = [`${totals.done - totals.lost} of ${totals.files} files sent`];
  if (totals.refused) words.push(`${totals.refused} refused`);
  if (totals.lost) words.push(`${totals.lost} not sent`);
  if (waiting) words.push(`${waiting} being cleaned`);
  const line = `${words.join(", ")}${sending ? "" : waiting || totals.lost ? "." : ". Everything is done."}`;
  const status = document.getElementById("overall-words");
  if (status.textContent !== line) status.textContent = line;
  document.getElementById("overall-bytes").textContent = `${size(totals.sent)} of ${size(totals.bytes)}`;
}

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
    entry.row.querySelector("button").addEventListener("click", () => retry(entry));
    queue.push(entry);
    totals.files += 1;
    totals.bytes += file.size;
    rows.append(entry.row);
  }
  list.append(rows);
  later(paintTotals);
  pump();
}

function retry(entry) {
  entry.row.querySelector("button").hidden = true;
  totals.lost -= 1;
  totals.done -= 1;
  totals.sent -= entry.sent;
  entry.sent = 0;
  show(entry.row, "received", STATES.waiting);
  queue.push(entry);
  later(paintTotals);
  pump();
}

function pump() {
  while (running < AT_ONCE && queue.length > 0) {
    running += 1;
    const entry = queue.shift();
    begin()
      .then((addresses) => send(addresses.send, entry))
      .then((rows) => accept(entry, rows))
      .catch((fault) => lose(entry, fault))
      .finally(() => {
        running -= 1;
        totals.done += 1;
        count(entry, entry.file.size);
        later(paintTotals);
        pump();
        finishIfDone();
      });
  }
}

function count(entry, sent) {
  totals.sent += sent - entry.sent;
  entry.sent = sent;
}

function send(address, entry) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", entry.file, "file");
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      count(entry, Math.min(event.loaded, entry.file.size));
      const share = event.total ? Math.floor((100 * event.loaded) / event.total) : 0;
      later(() => {
        if (entry.sent < entry.file.size) show(entry.row, "processing", `${STATES.sending} ${share} %`);
        paintTotals();
      });
    });
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response && request.response.rows.length > 0) resolve(request.response.rows);
      else if (!request.responseURL.endsWith(address)) reject(new SignedOut());
      else reject(new Error("answer"));
    });
    request.addEventListener("error", () => reject(new Error("network")));
    request.addEventListener("abort", () => reject(new Error("abort")));
    show(entry.row, "processing", `${STATES.sending} 0 %`);
    request.send(body);
  });
}

function accept(entry, rows) {
  let last = entry.row;
  rows.forEach((facts, index) => {
    let row = entry.row;
    if (index > 0) {
      row = makeRow(`${entry.name}, file ${index + 1}`);
      row.querySelector("button").remove();
      last.after(row);
    }
    last = row;
    if (facts.state === "refused") totals.refused += 1;
    apply(row, facts);
  });
  if (unsettled.size > 0) askSoon();
}

function apply(row, facts) {
  show(row, facts.state, facts.label, facts.reason);
  if (facts.settled) unsettled.delete(facts.position);
  else unsettled.set(facts.position, row);
}

function lose(entry, fault) {
  totals.lost += 1;
  show(entry.row, "failed", STATES.failed, fault instanceof SignedOut ? SIGNED_OUT : NO_ANSWER);
  const button = entry.row.querySelector("button");
  button.hidden = fault instanceof SignedOut;
  button.setAttribute("aria-label", `Send again: ${entry.name.slice(-NAMES_SHOWN)}`);
}

let asking = null;
let pause = ASK_MS;

function askSoon() {
  pause = ASK_MS;
  if (asking === null) asking = setTimeout(ask, pause);
}

async function ask() {
  const positions = [...unsettled.keys()].slice(0, ASKED_AT_ONCE);
  let changed = false;
  try {
    const addresses = await begin();
    const answer = await fetch(addresses.rows, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ positions: positions.join(",") }),
    });
    if (answer.ok) {
      for (const facts of (await answer.json()).rows) {
        const row = unsettled.get(facts.position);
        if (row === undefined) continue;
        if (facts.settled) changed = true;
        apply(row, facts);
      }
    }
  } finally {
    asking = null;
    pause = changed ? ASK_MS : Math.min(pause * 1.5, ASK_MS_SLOWEST);
    later(paintTotals);
    if (unsettled.size > 0) asking = setTimeout(ask, pause);
    finishIfDone();
  }
}

async function finishIfDone() {
  if (running > 0 || queue.length > 0 || batch === null) return;
  const addresses = await batch;
  const answer = await fetch(addresses.rows, { headers: { "HX-Request": "true" } });
  if (answer.ok) document.getElementById("arrived").innerHTML = await answer.text();
}

async function walk(entry, path, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, name: path + entry.name });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const one of some) await walk(one, `${path}${entry.name}/`, found);
  }
}

function chosen(input) {
  add([...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
  input.value = "";
}

function enhance() {
  const drop = document.getElementById("drop");
  const folder = document.getElementById("folder");
  const files = document.getElementById("files");
  document.getElementById("drop-words").hidden = false;
  document.getElementById("choose-folder").hidden = false;
  document.getElementById("plain-send").hidden = true;
  document.getElementById("drop-hint").textContent = "File names stay on this computer. The portal never sees them.";
  document.getElementById("choose-folder").addEventListener("click", () => folder.click());
  folder.addEventListener("change", () => chosen(folder));
  files.addEventListener("change", () => chosen(files));
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("drop--over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("drop--over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("drop--over");
    const roots = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const found = [];
    for (const root of roots) await walk(root, "", found);
    add(found);
  });
  window.addEventListener("beforeunload", (event) => {
    if (running > 0 || queue.length > 0) event.preventDefault();
  });
}

sessionStorage.clear(); // the desk's other pages note the last path there; nothing stays behind from here on
enhance();
