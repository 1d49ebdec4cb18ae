// Moves a secret that came by mail from the address, where nobody but this page sees it, into the form, and sends it.

const form = document.querySelector("[data-from-mail]");
const secret = decodeURIComponent(location.hash.slice(1));
if (secret !== "") {
  history.replaceState(null, "", location.pathname);
  form.elements.secret.value = secret;
  form.requestSubmit();
}
