// Moves the secret from the address into the form, and takes it out of the address and the history entry.

const form = document.querySelector("[data-door]");

function takeSecret() {
  const secret = decodeURIComponent(location.hash.slice(1));
  if (!secret) return;
  form.elements.secret.value = secret;
  form.querySelector("[data-link-field]").hidden = true;
  history.replaceState(null, "", location.pathname);
  form.elements.code.focus();
}

takeSecret();
addEventListener("hashchange", takeSecret);
