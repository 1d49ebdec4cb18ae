// Moves the secret from the address into the form, and takes it out of the address and the history entry.
// A form is sent once: a second tap would find its code used up.

const form = document.querySelector("[data-door]");

function takeSecret() {
  const secret = decodeURIComponent(location.hash.slice(1));
  if (!secret) return;
  form.elements.secret.value = secret;
  const field = form.querySelector("[data-link-field]");
  if (field) field.hidden = true;
  history.replaceState(null, "", location.pathname);
  form.elements.code.focus();
}

let sent = false;
form.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => {
  sent = false;
});

takeSecret();
addEventListener("hashchange", takeSecret);
