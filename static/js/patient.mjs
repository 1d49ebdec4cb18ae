// Locks the page when the visit is over: after the idle time, and when a browser brings the page back from memory.

const idle = Number(document.querySelector("[data-idle-seconds]")?.dataset.idleSeconds ?? 0);

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

if (idle) {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.reload(), (idle + 5) * 1000);
  };
  for (const media of document.querySelectorAll("video")) media.addEventListener("progress", wait);
  wait();
}
