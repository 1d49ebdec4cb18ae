// Leaves at once: the page goes blank before the server has answered, and its place in the history is taken.
// Where the answer names a page to go on to, the browser goes there; Esc three times within two seconds does the same.

const form = document.querySelector("[data-leave]");
const presses = [];

async function leave() {
  document.body.hidden = true;
  document.title = "";
  let away = "about:blank";
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true });
    away = /url=(.+)/.exec(answer.headers.get("Refresh") ?? "")?.[1] ?? away;
  } finally {
    location.replace(away);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  leave();
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  presses.push(event.timeStamp);
  if (presses.length >= 3 && event.timeStamp - presses.at(-3) < 2000) leave();
});
