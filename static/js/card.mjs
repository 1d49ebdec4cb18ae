// Reads the QR code of a patient's card with the camera, where the browser can; what it says goes with the form.

const LOOK_EVERY_MS = 200;
const BACK_CAMERA = { video: { facingMode: "environment" } };

async function watch(form) {
  const picture = form.querySelector("[data-camera]");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia(BACK_CAMERA);
  picture.srcObject = stream;
  picture.hidden = false;
  await picture.play();
  const end = () => {
    clearInterval(looking);
    for (const track of stream.getTracks()) track.stop();
    picture.hidden = true;
  };
  const looking = setInterval(async () => {
    const [code] = await detector.detect(picture);
    if (!code || !form.isConnected) return;
    end();
    form.elements.card.value = code.rawValue;
    form.requestSubmit();
  }, LOOK_EVERY_MS);
  addEventListener("pagehide", end, { once: true });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-scan]");
  if (!button) return;
  const form = button.closest("[data-card]");
  button.hidden = true;
  watch(form).catch(() => {
    button.hidden = false;
    form.querySelector("[data-scan-fault]").hidden = false;
  });
});

// a form may come later, with what arrived of an upload
function offer() {
  for (const button of document.querySelectorAll("[data-scan]:not([data-offered])")) {
    button.dataset.offered = "";
    button.hidden = false;
  }
}

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  offer();
  new MutationObserver(offer).observe(document.body, { childList: true, subtree: true });
}
