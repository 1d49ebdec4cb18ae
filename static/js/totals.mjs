// Counts the files and bytes of an upload, and says how far it is and how long it will take.

const PACE_MS = 20000;
const PACE_NEEDED_MS = 3000;

const pace = []; // how many bytes had been sent when, over the last seconds
export const totals = { files: 0, done: 0, bytes: 0, sent: 0, refused: 0, lost: 0 };

// notes how many bytes of one file have been sent
export function count(entry, sent) {
  totals.sent += sent - entry.sent;
  entry.sent = sent;
  pace.push({ at: performance.now(), sent: totals.sent });
  while (pace.length > 2 && pace[0].at < performance.now() - PACE_MS) pace.shift();
}

// shows how far all of it is; `waiting` files arrived and are being cleaned
export function paintTotals(waiting) {
  const bar = document.getElementById("overall");
  bar.max = Math.max(totals.bytes, 1);
  bar.value = totals.sent;
  const sending = totals.done < totals.files;
  const words = [`${totals.done - totals.lost} of ${totals.files} files sent`];
  if (totals.refused) words.push(`${totals.refused} refused`);
  if (totals.lost) words.push(`${totals.lost} not sent`);
  if (waiting) words.push(`${waiting} being cleaned`);
  const line = `${words.join(", ")}${sending ? "" : waiting || totals.lost ? "." : ". Everything is done."}`;
  const status = document.getElementById("overall-words");
  if (status.textContent !== line) status.textContent = line;
  document.getElementById("overall-bytes").textContent =
    `${size(totals.sent)} of ${size(totals.bytes)}${sending ? timeLeft() : ""}`;
}

function timeLeft() {
  const [first, last] = [pace[0], pace.at(-1)];
  if (!first || last.at - first.at < PACE_NEEDED_MS || last.sent <= first.sent) return "";
  const seconds = ((totals.bytes - totals.sent) * (last.at - first.at)) / (last.sent - first.sent) / 1000;
  if (seconds < 50) return ", less than a minute left";
  const minutes = Math.round(seconds / 60);
  return `, about ${minutes} minute${minutes === 1 ? "" : "s"} left`;
}

function size(bytes) {
  if (bytes < 1024 ** 2) return `${Math.ceil(bytes / 1024)} KiB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}
