// Shows what is typed and chosen on the sample at once; nothing is sent before a button is pressed.

const form = document.getElementById("brand");
const WIDEST = 564; // of the sample's 640, beside a logo
const heading = document.querySelector("[data-look]");
const part = (name) => document.querySelector(`[data-strip="${name}"]`);

function paint() {
  const { name, line, background, ink } = form.elements;
  part("background").setAttribute("fill", background.value);
  for (const text of [part("name"), part("line")]) text.setAttribute("fill", ink.value);
  part("name").textContent = name.value;
  part("line").textContent = line.value;
  part("name").setAttribute("y", line.value ? "26" : "34");
  part("name").setAttribute("font-size", line.value ? "19" : "23");
  part("name").removeAttribute("textLength");
  if (part("name").getComputedTextLength() > WIDEST) {
    part("name").setAttribute("textLength", WIDEST);
    part("name").setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
  heading.textContent = "How it would look";
}

form.addEventListener("input", paint);
form.elements.logo.addEventListener("change", () => {
  const [file] = form.elements.logo.files;
  if (!file) return;
  part("logo").setAttribute("href", URL.createObjectURL(file));
  for (const text of [part("name"), part("line")]) text.setAttribute("x", "61");
});

// the samples in every format follow a moment after the last change, drawn by the portal
const samples = document.querySelectorAll("[data-samples] img");
let waiting;

function redraw() {
  const asked = new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
  for (const sample of samples) sample.src = `${sample.src.split("?")[0]}?${asked}`;
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(redraw, 700);
});
