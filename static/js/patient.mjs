// Hides the page at the moment at which the visit ends, and has the server close it; a page that waits in the browser's
// memory is hidden before it goes there. A film behind a question gets its first picture when she asks to see it.

const IDLE = 15 * 60;
const BEFORE_RELOAD = 2000;
const { idleSeconds, secondsLeft } = document.querySelector("main").dataset;

addEventListener("pagehide", () => {
  document.body.hidden = true;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

for (const film of document.querySelectorAll("[data-poster]")) {
  film.closest("details").addEventListener("toggle", () => {
    film.poster = film.dataset.poster;
  });
}

function lockInTime() {
  const ends = Date.now() + secondsLeft * 1000;
  let idle = Date.now() + idleSeconds * 1000;

  // whatever the page loads, the server counts as a sign of her
  const seen = () => {
    idle = Date.now() + IDLE * 1000;
  };
  new PerformanceObserver(seen).observe({ type: "resource" });
  for (const film of document.querySelectorAll("video")) film.addEventListener("progress", seen);

  const look = () => {
    if (Date.now() < Math.min(idle, ends)) return;
    clearInterval(clock);
    document.body.hidden = true;
    setTimeout(() => location.reload(), BEFORE_RELOAD);
  };
  const clock = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
}

if (secondsLeft) lockInTime();
