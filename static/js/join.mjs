// Moves the secret of an invitation from the address, where nobody but this page sees it, into the form, and sends it.

const form = document.getElementById("join");
const secret = decodeURIComponent(location.hash.slice(1));
if (secret !== "") {
  history.replaceState(null, "", location.pathname);
  form.elements.secret.value = secret;
  form.requestSubmit();
}
