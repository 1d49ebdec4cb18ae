// Shares what is chosen as files where the device can. They are fetched when asked for, since a fetch is a saved copy on
// the clinic's record; only then is the button to share there, so that its tap goes straight to the device's own sheet.
// While shapes are being made it looks for them; without script, the page loads itself again.

const BETWEEN_LOOKS = 3000;
const probe = new File([""], "scan.jpg", { type: "image/jpeg" });

function nameFrom(response) {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "scan.jpg";
}

function addresses(form) {
  const chosen = new FormData(form);
  const pictures = chosen.getAll("picture");
  const asked = new URLSearchParams([...chosen].filter(([name]) => name !== "picture"));
  return (pictures.length ? pictures : [""]).map((key) => {
    const one = new URLSearchParams(asked);
    if (key) one.append("picture", key);
    return `${form.action}?${one}`;
  });
}

async function fetchFile(address) {
  const response = await fetch(address, { cache: "no-store" });
  if (!response.ok) throw new Error("closed");
  return new File([await response.blob()], nameFrom(response), { type: response.headers.get("Content-Type") });
}

function offer(form) {
  const prepare = form.querySelector("[data-prepare]");
  const share = form.querySelector("[data-share-files]");
  const told = form.querySelector("[data-told]");
  let files = [];

  function startOver() {
    files = [];
    share.hidden = true;
    prepare.hidden = false;
    told.textContent = "";
  }

  prepare.addEventListener("click", async () => {
    prepare.disabled = true;
    try {
      const wanted = addresses(form);
      for (const [index, address] of wanted.entries()) {
        told.textContent = `${told.dataset.busy} ${index + 1} / ${wanted.length}`;
        files.push(await fetchFile(address));
      }
      if (!navigator.canShare({ files })) throw new Error("too much");
      told.textContent = told.dataset.ready;
      prepare.hidden = true;
      share.hidden = false;
      share.focus();
    } catch {
      startOver();
      told.textContent = told.dataset.failed;
    }
    prepare.disabled = false;
  });

  share.addEventListener("click", async () => {
    try {
      await navigator.share({ files });
      startOver();
    } catch (error) {
      if (error.name !== "AbortError") told.textContent = told.dataset.failed;
    }
  });

  form.addEventListener("change", startOver);
  prepare.hidden = false;
}

function begin() {
  const form = document.querySelector("[data-saving]");
  if (form && navigator.canShare?.({ files: [probe] })) offer(form);
  if (document.querySelector("[data-being-made]")) setTimeout(look, BETWEEN_LOOKS);
}

async function look() {
  const here = document.getElementById("save-or-share");
  let there = here;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return location.reload();
    there = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("save-or-share");
  } catch {
    // no connection at this moment: look again later
  }
  const told = (section) => section.querySelector("[data-progress]")?.textContent;
  if (told(there) === told(here) || here.contains(document.activeElement)) return setTimeout(look, BETWEEN_LOOKS);
  here.replaceWith(there);
  begin();
}

begin();
