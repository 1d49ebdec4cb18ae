// Compares before with after: zoom, pan, hold, films, and which cover a line of the list speaks of.

import { frameAt, momentOf, tools } from "./timing.mjs";

const overlay = document.getElementById("overlay");
const panes = document.getElementById("panes");

function zooming() {
  const sheets = ["before-sheet", "after-sheet"].map((id) => document.getElementById(id));
  const windows = ["before-window", "after-window"].map((id) => document.getElementById(id));
  const buttons = [...document.querySelectorAll("[data-zoom]")];
  for (const { style, dataset } of sheets) style.setProperty("--ratio", Number(dataset.width) / Number(dataset.height));
  // the picture that leaves is cut: what lies at one place before lies further on, or back, after
  const { x, y, width } = sheets[1].dataset;
  const follow = (one, other) => {
    const zoom = (sheets[1].clientWidth / Number(width)) * (one === windows[0] ? 1 : -1);
    other.scrollTo(one.scrollLeft + Number(x) * zoom, one.scrollTop + Number(y) * zoom);
  };
  for (const [one, other] of [windows, [...windows].reverse()]) {
    one.addEventListener("scroll", () => {
      if (one.matches(":hover, :focus-within")) follow(one, other);
    });
  }
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const [before, after] = windows;
      const middle = [(before.scrollLeft + before.clientWidth / 2) / before.scrollWidth, (before.scrollTop + before.clientHeight / 2) / before.scrollHeight];
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      for (const sheet of sheets) {
        const zoom = button.dataset.zoom;
        sheet.style.inlineSize = zoom === "fit" ? "" : `${Number(sheet.dataset.width) * Number(zoom)}px`;
      }
      before.scrollTo(middle[0] * before.scrollWidth - before.clientWidth / 2, middle[1] * before.scrollHeight - before.clientHeight / 2);
      follow(before, after);
    });
  }
}

function comparing() {
  const button = document.getElementById("hold");
  const before = document.getElementById("before");
  const after = document.getElementById("after");
  if (!before || !after) {
    button.hidden = true;
    return;
  }
  const { width, height, x, y } = document.getElementById("after-sheet").dataset;
  const share = (part, whole) => `${(100 * Number(part)) / Number(whole)}%`;
  let ghost = null;
  const hold = (on) => {
    if (on && ghost === null) {
      ghost = before.cloneNode();
      ghost.removeAttribute("id");
      ghost.removeAttribute("controls");
      ghost.className = "pane__ghost";
      ghost.style.inlineSize = share(document.getElementById("before-sheet").dataset.width, width);
      ghost.style.insetInlineStart = share(x, width);
      ghost.style.insetBlockStart = share(y, height);
      if (ghost.tagName === "VIDEO") ghost.currentTime = after.currentTime;
      after.after(ghost);
    } else if (!on && ghost !== null) {
      ghost.remove();
      ghost = null;
    }
  };
  button.addEventListener("pointerdown", () => hold(true));
  for (const name of ["pointerup", "pointercancel", "pointerleave", "blur"]) button.addEventListener(name, () => hold(false));
  button.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") hold(true);
  });
  button.addEventListener("keyup", () => hold(false));
}

// a cover is seen in the frames in which it lives
function showOnly(frame) {
  for (const box of overlay?.querySelectorAll("[data-first]") ?? []) {
    const lives = Number(box.dataset.first) <= frame && frame <= Number(box.dataset.last);
    box.classList.toggle("overlay__elsewhere", !lives);
  }
}

function panning() {
  for (const id of ["before-window", "after-window"]) {
    const pane = document.getElementById(id);
    let from = null;
    pane.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType !== "mouse" || event.target.closest("[data-cover], .overlay--draw, button")) return;
      if (pane.scrollWidth <= pane.clientWidth && pane.scrollHeight <= pane.clientHeight) return;
      event.preventDefault();
      pane.setPointerCapture(event.pointerId);
      from = [event.clientX + pane.scrollLeft, event.clientY + pane.scrollTop];
    });
    pane.addEventListener("pointermove", (event) => {
      if (from === null) return;
      pane.scrollLeft = from[0] - event.clientX;
      pane.scrollTop = from[1] - event.clientY;
    });
    for (const name of ["pointerup", "pointercancel"]) pane.addEventListener(name, () => (from = null));
  }
}

function films() {
  const both = ["before", "after"].map((id) => document.getElementById(id)).filter((one) => one?.tagName === "VIDEO");
  if (!tools || both.length === 0) return;
  const leader = both.at(-1);
  const play = document.getElementById("play");
  const scrub = document.getElementById("scrub");
  const words = document.getElementById("scrub-words");
  const shown = () => {
    const frame = frameAt(leader, leader.currentTime);
    if (!Number.isFinite(frame)) return;
    scrub.value = String(frame);
    words.textContent = String(frame);
    showOnly(frame);
  };
  const follow = () => {
    shown();
    if (!leader.paused) requestAnimationFrame(follow);
  };
  for (const film of both) film.removeAttribute("controls");
  play.addEventListener("click", () => {
    const starting = leader.paused;
    for (const film of both) {
      film.currentTime = leader.currentTime;
      if (starting) film.play();
      else film.pause();
    }
    document.getElementById("play-words").textContent = starting ? "Pause" : "Play";
    if (starting) requestAnimationFrame(follow);
  });
  scrub.addEventListener("input", () => {
    for (const film of both) film.currentTime = momentOf(film, Number(scrub.value));
    words.textContent = scrub.value;
    showOnly(Number(scrub.value));
  });
  leader.addEventListener("loadedmetadata", shown);
}

function lighting() {
  for (const row of document.querySelectorAll("[data-box]")) {
    const box = document.getElementById(row.dataset.box);
    row.addEventListener("pointerenter", () => box?.classList.add("overlay__box--lit"));
    row.addEventListener("pointerleave", () => box?.classList.remove("overlay__box--lit"));
  }
}

if (panes) {
  document.getElementById("viewer-tools").hidden = false;
  zooming();
  panning();
  films();
  comparing();
}
document.getElementById("show-boxes")?.addEventListener("change", (event) => {
  overlay?.classList.toggle("overlay--off", !event.target.checked);
});
lighting();
