// Keeps count of the frames of a film that stood on the screen, tells the server, and marks those that did not.

import { frameAt, tools, total } from "./timing.mjs";

const SVG = "http://www.w3.org/2000/svg";
const TELL_EVERY = 2000;

const film = document.getElementById("after");

function read(text) {
  const frames = new Set();
  for (const part of text.split(",").filter(Boolean)) {
    const [first, last = first] = part.split("-").map(Number);
    for (let frame = first; frame <= last; frame += 1) frames.add(frame);
  }
  return frames;
}

function spans(holds) {
  const found = [];
  for (let frame = 1; frame <= total; frame += 1) {
    if (!holds(frame)) continue;
    const last = found.at(-1);
    if (last && last[1] === frame - 1) last[1] = frame;
    else found.push([frame, frame]);
  }
  return found;
}

function written(found) {
  return found.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}

function counting() {
  const seen = read(tools.dataset.seen);
  const map = document.getElementById("seen-map");
  const unplayed = document.getElementById("unplayed");
  const form = document.getElementById("release");
  const scrub = document.getElementById("scrub");
  let told = seen.size;

  const paint = () => {
    const open = spans((frame) => !seen.has(frame));
    map.replaceChildren();
    for (const [first, last] of open) {
      const mark = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ x: first - 1, y: 0, width: last - first + 1, height: 1 })) mark.setAttribute(name, String(value));
      map.append(mark);
    }
    const left = total - seen.size;
    map.setAttribute("aria-label", left ? `${left} of ${total} frames not shown yet` : "Every frame was shown");
    const frames = form?.querySelector("[name=frames]");
    if (frames) frames.value = written(spans((frame) => seen.has(frame)));
    if (!unplayed) return;
    unplayed.hidden = left === 0;
    if (seen.size === 0) unplayed.textContent = "You have not played this film yet.";
    else if (film.paused || left === 0) unplayed.textContent = `${left} of ${total} frames were not shown to you yet: ${written(open.slice(0, 6))}${open.length > 6 ? " and more" : ""}.`;
  };
  const tell = () => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    const run = form?.querySelector("[name=run]");
    if (told === seen.size || !token || !run) return;
    told = seen.size;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token.value);
    data.set("run", run.value);
    data.set("frames", written(spans((frame) => seen.has(frame))));
    fetch(tools.dataset.shown, { method: "POST", body: data, keepalive: true }).catch(() => {
      told = -1; // it is told again with the next frames, and with the form
    });
  };
  const note = (time) => {
    const frame = frameAt(film, time);
    if (!Number.isFinite(frame) || seen.has(frame)) return;
    seen.add(frame);
    paint();
  };
  const watch = () => {
    film.requestVideoFrameCallback((_, shown) => {
      note(shown.mediaTime);
      watch();
    });
  };
  if ("requestVideoFrameCallback" in film) watch();
  else for (const name of ["seeked", "timeupdate"]) film.addEventListener(name, () => note(film.currentTime));
  film.addEventListener("pause", paint);
  document.getElementById("unseen-next").addEventListener("click", () => {
    const next = spans((frame) => !seen.has(frame))[0];
    if (!next) return;
    scrub.value = String(next[0]);
    scrub.dispatchEvent(new Event("input"));
  });
  setInterval(tell, TELL_EVERY);
  addEventListener("pagehide", tell);
  paint();
}

if (tools && film?.tagName === "VIDEO") counting();
