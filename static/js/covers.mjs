// Draws, moves, resizes and removes covers on the picture, by pointer and by keys. The number fields carry the truth.

const SVG = "http://www.w3.org/2000/svg";
const SMALLEST = 3;
const GRIP = 10; // half the side of a corner that can be dragged, in pixels of the screen
const NAMES = ["x", "y", "w", "h"];
const CORNERS = { nw: [0, 0], ne: [1, 0], sw: [0, 1], se: [1, 1] };

const overlay = document.getElementById("overlay");
const rows = document.getElementById("cover-rows");

function field(row, name) {
  return row.querySelector(`[name$="-${name}"]`);
}

function numbers(row) {
  const texts = NAMES.map((name) => field(row, name).value);
  return texts.every((text) => /^[0-9]+$/.test(text)) ? texts.map(Number) : null;
}

function isEmpty(row) {
  return NAMES.every((name) => field(row, name).value === "");
}

function isGone(row) {
  return field(row, "DELETE").checked;
}

function editor() {
  const { width, height } = overlay.viewBox.baseVal;
  const said = document.getElementById("cover-said");
  const back = document.getElementById("cover-back");
  const draw = document.getElementById("draw");
  const before = [];
  let chosen = null;
  let drag = null;

  const inside = ([x, y, w, h]) => {
    const wide = Math.min(Math.max(w, 1), width);
    const tall = Math.min(Math.max(h, 1), height);
    return [Math.min(Math.max(x, 0), width - wide), Math.min(Math.max(y, 0), height - tall), wide, tall];
  };
  const write = (row, box) => NAMES.forEach((name, place) => (field(row, name).value = String(box[place])));
  const state = () => [...rows.children].map((row) => [...row.querySelectorAll("input")].map((one) => (one.type === "checkbox" ? one.checked : one.value)));
  const remember = () => {
    before.push(state());
    back.disabled = false;
  };
  const undo = () => {
    const last = before.pop();
    if (!last) return;
    [...rows.children].forEach((row, place) => {
      [...row.querySelectorAll("input")].forEach((one, which) => {
        const value = last[place]?.[which] ?? (one.type === "checkbox" ? false : "");
        if (one.type === "checkbox") one.checked = value;
        else one.value = value;
      });
    });
    back.disabled = before.length === 0;
    said.textContent = "Undone.";
    paint();
  };

  const emptyRow = () => {
    const free = [...rows.children].find((row) => isEmpty(row) && !isGone(row));
    if (free) return free;
    const total = document.querySelector("[name=cover-TOTAL_FORMS]");
    const markup = document.getElementById("cover-row").innerHTML.replaceAll("__prefix__", total.value);
    rows.insertAdjacentHTML("beforeend", markup);
    total.value = String(Number(total.value) + 1);
    rows.lastElementChild.querySelector("[data-number]").textContent = total.value;
    return rows.lastElementChild;
  };
  const add = (box) => {
    remember();
    const row = emptyRow();
    write(row, inside(box));
    choose(row);
  };
  const remove = (row) => {
    remember();
    field(row, "DELETE").checked = true;
    said.textContent = "Removed. Ctrl Z brings it back.";
    choose(null);
  };

  const make = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    return made;
  };
  const place = (row) => [...rows.children].indexOf(row);
  const frames = (row) => ["first", "last"].map((name) => field(row, name)?.value || "");
  const drawn = (row) => overlay.querySelector(`[data-cover="${place(row)}"]`);
  function paint() {
    const focused = document.activeElement?.dataset?.cover;
    for (const old of overlay.querySelectorAll("[data-cover], [data-grip]")) old.remove();
    for (const row of rows.children) {
      const box = numbers(row);
      row.classList.toggle("cover-row--gone", isGone(row));
      if (box === null || isGone(row)) continue;
      const [x, y, w, h] = box;
      const [first, last] = frames(row);
      const rect = make("rect", { x, y, width: w, height: h, class: "overlay__draft", tabindex: 0, role: "button", "data-cover": place(row), "data-first": first || 1, "data-last": last || overlay.dataset.frames });
      rect.setAttribute("aria-label", `Cover ${place(row) + 1}: ${w} by ${h} pixels at ${x}, ${y}. Move with the arrow keys.`);
      rect.setAttribute("aria-pressed", String(row === chosen));
      overlay.append(rect);
      if (row === chosen) {
        const grip = GRIP / overlay.getScreenCTM().a;
        for (const [name, [across, down]] of Object.entries(CORNERS)) {
          overlay.append(make("rect", { x: x + across * w - grip / 2, y: y + down * h - grip / 2, width: grip, height: grip, class: "overlay__grip", "data-grip": name }));
        }
      }
    }
    if (focused !== undefined) overlay.querySelector(`[data-cover="${focused}"]`)?.focus();
  }
  const choose = (row) => {
    chosen = row;
    paint();
    if (row) drawn(row)?.focus();
  };

  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(overlay.getScreenCTM().inverse());
    return [Math.min(Math.max(point.x, 0), width), Math.min(Math.max(point.y, 0), height)];
  };
  const between = ([ax, ay], [bx, by]) => {
    const [x, y] = [Math.floor(Math.min(ax, bx)), Math.floor(Math.min(ay, by))];
    return [x, y, Math.ceil(Math.max(ax, bx)) - x, Math.ceil(Math.max(ay, by)) - y];
  };
  const dragged = (event) => {
    const here = at(event);
    const { start, box, grip } = drag;
    const [dx, dy] = [Math.round(here[0] - start[0]), Math.round(here[1] - start[1])];
    if (!box) return between(start, here);
    if (!grip) return inside([box[0] + dx, box[1] + dy, box[2], box[3]]);
    const [across, down] = CORNERS[grip];
    const far = [box[0] + (1 - across) * box[2], box[1] + (1 - down) * box[3]];
    return between(far, [box[0] + across * box[2] + dx, box[1] + down * box[3] + dy].map((value, side) => Math.min(Math.max(value, 0), side ? height : width)));
  };

  overlay.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const { cover, grip } = event.target.dataset;
    if (cover === undefined && grip === undefined && !draw.checked) return;
    event.preventDefault();
    event.stopPropagation();
    overlay.setPointerCapture(event.pointerId);
    if (cover !== undefined) choose(rows.children[Number(cover)]);
    const held = cover !== undefined || grip !== undefined;
    drag = { start: at(event), box: held ? numbers(chosen) : null, grip, old: state(), moved: false };
  });
  overlay.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const box = dragged(event);
    if (drag.box) {
      if (box[2] < 1 || box[3] < 1) return;
      if (!drag.moved && String(box) !== String(drag.box)) {
        before.push(drag.old);
        back.disabled = false;
        drag.moved = true;
      }
      write(chosen, box);
      paint();
    } else {
      overlay.querySelector("[data-rubber]")?.remove();
      const [x, y, w, h] = box;
      overlay.append(make("rect", { x, y, width: w, height: h, class: "overlay__draft", "data-rubber": "" }));
    }
  });
  const drop = () => {
    overlay.querySelector("[data-rubber]")?.remove();
    drag = null;
  };
  overlay.addEventListener("pointerup", (event) => {
    if (drag === null) return;
    const box = dragged(event);
    const isNew = !drag.box;
    drop();
    if (isNew && box[2] >= SMALLEST && box[3] >= SMALLEST) add(box);
  });
  overlay.addEventListener("pointercancel", drop);

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  overlay.addEventListener("keydown", (event) => {
    const { cover } = event.target.dataset;
    if (cover === undefined) return;
    const row = rows.children[Number(cover)];
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const [dx, dy] = step.map((one) => one * (event.ctrlKey || event.metaKey ? 10 : 1));
      const [x, y, w, h] = numbers(row);
      remember();
      const wide = [x, y, Math.min(Math.max(w + dx, 1), width - x), Math.min(Math.max(h + dy, 1), height - y)];
      write(row, event.shiftKey ? wide : inside([x + dx, y + dy, w, h]));
      chosen = row;
      paint();
      said.textContent = drawn(row).getAttribute("aria-label");
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      remove(row);
      overlay.querySelector("[data-cover]")?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(row);
      if (event.key === "Enter") field(row, "x").focus();
    }
  });
  overlay.addEventListener("focusin", (event) => {
    const { cover } = event.target.dataset;
    if (cover !== undefined && rows.children[Number(cover)] !== chosen) choose(rows.children[Number(cover)]);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") drop();
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) {
      event.preventDefault();
      undo();
    }
  });

  rows.addEventListener("input", paint);
  const add_button = document.getElementById("cover-add");
  add_button.hidden = back.hidden = false;
  add_button.addEventListener("click", () => {
    const [w, h] = [Math.max(1, Math.round(width / 5)), Math.max(1, Math.round(height / 10))];
    add([Math.round((width - w) / 2), Math.round((height - h) / 2), w, h]);
  });
  back.addEventListener("click", undo);
  const armed = () => overlay.classList.toggle("overlay--draw", draw.checked);
  draw.checked = window.matchMedia("(pointer: fine)").matches;
  draw.addEventListener("change", armed);
  armed();
  const unsent = document.getElementById("unsent");
  for (const form of document.querySelectorAll("#release, #reject")) {
    form.addEventListener("submit", (event) => {
      if (before.length === 0 || !unsent) return;
      event.preventDefault();
      unsent.hidden = false;
    });
  }
  // they are drawn anew from the rows, so that each can be moved
  for (const own of overlay.querySelectorAll(".overlay__box--manual")) own.remove();
  new ResizeObserver(paint).observe(overlay);
}

if (overlay && rows && document.getElementById("draw")) editor();
