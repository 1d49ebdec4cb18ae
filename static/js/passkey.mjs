// Makes and shows passkeys (WebAuthn level 2): a form with `data-passkey` asks the portal its question, the browser
// asks the person, and the answer goes with the form.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

// a passkey belongs to a name, so an address of numbers can have none
const possible = () => globalThis.PublicKeyCredential !== undefined && !/^[\d.]+$|^\[/.test(location.hostname);

const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function make({ publicKey }) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
    },
  });
  const { response } = made;
  return described(made, {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
}

async function show({ publicKey }) {
  const shown = await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) },
  });
  const { response } = shown;
  return described(shown, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  });
}

function described(credential, response) {
  const { id, type, authenticatorAttachment } = credential;
  const clientExtensionResults = credential.getClientExtensionResults();
  return { id, rawId: text(credential.rawId), type, authenticatorAttachment, clientExtensionResults, response };
}

async function question(form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const answer = await fetch(form.dataset.question, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok || answer.redirected) throw new Error("no question");
  return answer.json();
}

export async function answer(form) {
  const credential = await { make, show }[form.dataset.passkey](await question(form));
  form.querySelector("[data-credential]").value = JSON.stringify(credential);
}

export function tell(form, words) {
  const place = form.querySelector("[role=alert]");
  place.textContent = words;
  place.hidden = words === "";
}

const CANCELLED = "No passkey came. Try again, or go another way.";

function wire(form) {
  const button = form.querySelector("[data-with-passkey]") ?? form.querySelector("[type=submit]");
  form.hidden = button.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    tell(form, "");
    try {
      await answer(form);
    } catch {
      tell(form, CANCELLED);
      return;
    }
    form.requestSubmit();
  });
}

if (possible()) {
  for (const form of document.querySelectorAll("form[data-passkey]")) wire(form);
  for (const warning of document.querySelectorAll("[data-no-passkeys]")) warning.hidden = true;
}
