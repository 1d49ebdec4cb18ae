// Draws a curtain over a desk that was left alone, so that the page behind it keeps what was typed, and opens it again.

import { tell } from "./passkey.mjs";

const BEAT_MS = 60_000;
const curtain = document.getElementById("curtain");
const form = curtain.querySelector("form[data-proof]");
const token = form.elements.csrfmiddlewaretoken.value;
const after = Number(curtain.dataset.after) * 1000;
let lastTouch = Date.now();
let lastBeat = Date.now();

const post = (address, body) => fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });

function draw() {
  if (curtain.open) return;
  document.querySelector("main").inert = true;
  curtain.showModal();
}

async function lock() {
  if (curtain.open) return;
  draw();
  await post(curtain.dataset.lock).catch(() => null); // the portal locks by its own clock as well
}

async function beat() {
  lastBeat = Date.now();
  const answer = await post(curtain.dataset.here).catch(() => null);
  if (answer?.headers.get("HX-Trigger") === "desk-locked") draw();
  if (answer?.redirected) location.reload();
}

function touched() {
  if (curtain.open) return;
  lastTouch = Date.now();
  if (lastTouch - lastBeat > BEAT_MS) beat();
}

function tick() {
  if (Date.now() - lastTouch >= after) lock();
}

async function unlock(event) {
  event.preventDefault();
  const answer = await post(form.action, new FormData(form)).catch(() => null);
  form.reset();
  form.querySelector("[data-credential]").value = "";
  if (answer?.status === 204) {
    document.querySelector("main").inert = false;
    curtain.close();
    lastTouch = lastBeat = Date.now();
    tell(form, "");
  } else if (answer?.redirected) {
    location.reload();
  } else {
    tell(form, answer?.status === 403 ? await answer.text() : "The portal does not answer. Try again in a moment.");
    form.elements.proof_password.focus();
  }
}

for (const sign of ["pointerdown", "pointermove", "keydown", "scroll"]) addEventListener(sign, touched, { passive: true });
addEventListener("visibilitychange", tick);
setInterval(tick, 1000);
curtain.addEventListener("cancel", (event) => event.preventDefault());
form.addEventListener("submit", unlock);
document.addEventListener("desk-locked", draw);
