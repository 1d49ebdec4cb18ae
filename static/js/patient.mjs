// Locks the page when the visit is over: after the idle time, and when a browser brings the page back from memory.
// A film that waits behind a question gets its first picture when she asks to see it.

const idle = Number(document.querySelector("[data-idle-seconds]")?.dataset.idleSeconds ?? 0);

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

for (const film of document.querySelectorAll("[data-poster]")) {
  film.closest("details").addEventListener("toggle", () => {
    film.poster = film.dataset.poster;
  });
}

if (idle) {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.reload(), (idle + 5) * 1000);
  };
  for (const media of document.querySelectorAll("video")) media.addEventListener("progress", wait);
  wait();
}
