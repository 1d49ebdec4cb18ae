// On every page of the desk: a form goes once, however often its button is pressed, and single keys press what names them.

const KEYS_OFF = "single-keys-off"; // kept until sign-out empties the browser's storage

function formsGoOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if ("sent" in form.dataset) event.preventDefault();
    form.dataset.sent = "";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

function remember(choice) {
  choice.checked = localStorage.getItem(KEYS_OFF) === null;
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "");
  });
}

function singleKeys() {
  const named = (event, name) => (/^[a-z?]$/.test(event.key) ? document.querySelector(`[${name}="${event.key}"]`) : null);
  const typing = (target) => target.closest("input:not([type=checkbox]), select, textarea") !== null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    if (localStorage.getItem(KEYS_OFF) !== null) return;
    const pressed = named(event, "data-key");
    if (pressed) event.preventDefault(); // the letter is not typed into the field that gets the focus
    pressed?.click();
    named(event, "data-hold-key")?.dispatchEvent(new PointerEvent("pointerdown"));
  });
  document.addEventListener("keyup", (event) => {
    named(event, "data-hold-key")?.dispatchEvent(new PointerEvent("pointerup"));
  });
}

formsGoOnce();
singleKeys();
for (const choice of document.querySelectorAll("[data-single-keys]")) remember(choice);
