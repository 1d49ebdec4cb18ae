// Takes a signature by pointer, finger or pen as strokes of whole points on a sheet of 600 by 200. A name is typed in any
// case, so that nobody has to draw; without a script there is the name alone.

const place = document.querySelector("[data-signature]");
const canvas = place.querySelector("canvas");
const kept = place.querySelector("input");
const pen = canvas.getContext("2d");
const MOST_POINTS = 4000;
let strokes = [];

function point(event) {
  const box = canvas.getBoundingClientRect();
  const along = (at, length, side) => Math.round(Math.min(Math.max(at / length, 0), 1) * side);
  return [along(event.clientX - box.left, box.width, canvas.width), along(event.clientY - box.top, box.height, canvas.height)];
}

function draw() {
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of strokes) {
    pen.beginPath();
    for (const [x, y] of stroke) pen.lineTo(x, y);
    pen.stroke();
  }
}

function keep() {
  kept.value = strokes.length ? JSON.stringify(strokes) : "";
  draw();
}

try {
  strokes = kept.value ? JSON.parse(kept.value) : [];
} catch {
  kept.value = "";
}

canvas.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary) return;
  canvas.setPointerCapture(event.pointerId);
  strokes.push([point(event)]);
});
canvas.addEventListener("pointermove", (event) => {
  if (!canvas.hasPointerCapture(event.pointerId) || strokes.flat().length >= MOST_POINTS) return;
  strokes.at(-1).push(point(event));
  draw();
});
for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, keep);
place.querySelector("button").addEventListener("click", () => {
  strokes = [];
  keep();
});
place.hidden = false;
draw();
