// Compares before with after and draws covers on the picture. Fields carry the truth.

const SVG = "http://www.w3.org/2000/svg";
const SMALLEST = 3;

const overlay = document.getElementById("overlay");
const panes = document.getElementById("panes");

function zooming() {
  const sheets = ["before-sheet", "after-sheet"].map((id) => document.getElementById(id));
  const windows = ["before-window", "after-window"].map((id) => document.getElementById(id));
  const buttons = [...document.querySelectorAll("[data-zoom]")];
  for (const { style, dataset } of sheets) style.setProperty("--ratio", Number(dataset.width) / Number(dataset.height));
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      for (const sheet of sheets) {
        const zoom = button.dataset.zoom;
        sheet.style.inlineSize = zoom === "fit" ? "" : `${Number(sheet.dataset.width) * Number(zoom)}px`;
      }
    });
  }
  // the picture that leaves is cut: what lies at one place before lies further on, or back, after
  const { x, y, width } = sheets[1].dataset;
  for (const [one, other, sign] of [[...windows, 1], [...[...windows].reverse(), -1]]) {
    one.addEventListener("scroll", () => {
      if (!one.matches(":hover, :focus-within")) return;
      const zoom = sheets[1].clientWidth / Number(width);
      other.scrollLeft = one.scrollLeft + sign * Number(x) * zoom;
      other.scrollTop = one.scrollTop + sign * Number(y) * zoom;
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

function films() {
  const tools = document.getElementById("film-tools");
  const both = ["before", "after"].map((id) => document.getElementById(id)).filter((one) => one?.tagName === "VIDEO");
  if (!tools || both.length === 0) return;
  const frames = Number(tools.dataset.frames);
  const leader = both.at(-1);
  const play = document.getElementById("play");
  const scrub = document.getElementById("scrub");
  const words = document.getElementById("scrub-words");
  const unplayed = document.getElementById("unplayed");
  const looked = () => {
    if (unplayed) unplayed.hidden = true;
  };
  if (unplayed) unplayed.hidden = false;
  leader.addEventListener("play", looked);
  scrub.addEventListener("input", looked);
  const shown = () => {
    const frame = Math.min(frames, Math.floor((leader.currentTime / leader.duration) * frames) + 1);
    if (!Number.isFinite(frame)) return;
    scrub.value = String(frame);
    words.textContent = String(frame);
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
    for (const film of both) film.currentTime = ((Number(scrub.value) - 0.5) / frames) * film.duration;
    words.textContent = scrub.value;
  });
  leader.addEventListener("loadedmetadata", shown);
}

function emptyRow() {
  const rows = document.getElementById("cover-rows");
  for (const row of rows.children) {
    if ([...row.querySelectorAll("input")].every((input) => input.value === "")) return row;
  }
  const total = document.querySelector("[name=cover-TOTAL_FORMS]");
  const markup = document.getElementById("cover-row").innerHTML.replaceAll("__prefix__", total.value);
  rows.insertAdjacentHTML("beforeend", markup);
  total.value = String(Number(total.value) + 1);
  return rows.lastElementChild;
}

function fill(box) {
  const row = emptyRow();
  for (const [name, value] of Object.entries(box)) {
    row.querySelector(`input[name$="-${name}"]`).value = String(value);
  }
  return row;
}

function drafts() {
  for (const old of overlay.querySelectorAll(".overlay__draft")) old.remove();
  for (const row of document.getElementById("cover-rows").children) {
    const numbers = ["x", "y", "w", "h"].map((name) => row.querySelector(`input[name$="-${name}"]`).value);
    if (numbers.every((text) => /^[0-9]+$/.test(text))) overlay.append(rectangle(numbers));
  }
}

function rectangle([x, y, w, h]) {
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("class", "overlay__draft");
  for (const [name, value] of Object.entries({ x, y, width: w, height: h })) rect.setAttribute(name, String(value));
  return rect;
}

function drawing() {
  const draw = document.getElementById("draw");
  const armed = () => overlay.classList.toggle("overlay--draw", draw.checked);
  draw.checked = window.matchMedia("(pointer: fine)").matches;
  draw.addEventListener("change", armed);
  armed();
  const { width, height } = overlay.viewBox.baseVal;
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(overlay.getScreenCTM().inverse());
    return [Math.min(Math.max(point.x, 0), width), Math.min(Math.max(point.y, 0), height)];
  };
  const between = ([ax, ay], [bx, by]) => {
    const x = Math.floor(Math.min(ax, bx));
    const y = Math.floor(Math.min(ay, by));
    return { x, y, w: Math.ceil(Math.max(ax, bx)) - x, h: Math.ceil(Math.max(ay, by)) - y };
  };
  let start = null;
  let draft = null;
  overlay.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    overlay.setPointerCapture(event.pointerId);
    start = at(event);
  });
  overlay.addEventListener("pointermove", (event) => {
    if (start === null) return;
    draft?.remove();
    const { x, y, w, h } = between(start, at(event));
    draft = rectangle([x, y, w, h]);
    overlay.append(draft);
  });
  overlay.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const box = between(start, at(event));
    start = null;
    draft?.remove();
    draft = null;
    if (box.w >= SMALLEST && box.h >= SMALLEST) fill(box);
    drafts();
  });
  const drop = () => {
    start = null;
    draft?.remove();
    draft = null;
  };
  overlay.addEventListener("pointercancel", drop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") drop();
  });
  document.getElementById("cover-rows").addEventListener("input", drafts);
  drafts();
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
  films();
  comparing();
}
if (overlay && document.getElementById("cover-rows")) drawing();
document.getElementById("show-boxes")?.addEventListener("change", (event) => {
  overlay?.classList.toggle("overlay--off", !event.target.checked);
});
lighting();
