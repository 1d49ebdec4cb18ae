// Shares a picture as a file where the device can. The file is fetched only when asked for, since a fetch is a saved copy
// on the clinic's record; if the fetch outlasts the tap, a second tap shares what is ready.

const probe = new File([""], "scan.jpg", { type: "image/jpeg" });

function nameFrom(response) {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "scan.jpg";
}

async function fetchFile(address) {
  const response = await fetch(address, { cache: "no-store" });
  if (!response.ok) {
    location.reload();
    return null;
  }
  return new File([await response.blob()], nameFrom(response), { type: response.headers.get("Content-Type") });
}

function offer(button) {
  const share = button.textContent;
  let file = null;
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    file ??= await fetchFile(button.dataset.share);
    button.disabled = false;
    if (!file) return;
    try {
      await navigator.share({ files: [file] });
      button.textContent = share;
    } catch (error) {
      button.textContent = error.name === "NotAllowedError" ? button.dataset.again : share;
    }
  });
}

if (navigator.canShare?.({ files: [probe] })) {
  for (const button of document.querySelectorAll("[data-share]")) offer(button);
}
