// Sends one file, and goes on where it stopped when the connection comes back. Small files go whole, large ones in
// pieces by the tus protocol (https://tus.io/protocols/resumable-upload); nothing is stored in the browser.

const PIECE = 8 * 1024 * 1024;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
const TUS = "1.0.0";

export class SignedOut extends Error {}
export class Stopped extends Error {}
// what sending again would not mend; the message is for the person
export class Refused extends Error {}
// the connection or the portal is away for now
class Interrupted extends Error {}
// the portal knows nothing of the delivery any more
class Forgotten extends Error {}

export class Delivery {
  // `addresses()` promises where files go; `onSent(bytes)`, `onRows(rows)` and `onWaiting(seconds)` tell how it goes on
  constructor(file, { token, addresses, onSent, onRows, onWaiting }) {
    Object.assign(this, { file, token, addresses, onSent, onRows, onWaiting });
    this.address = null;
    this.rows = 0;
    this.stopping = new AbortController();
  }

  stop() {
    this.stopping.abort();
  }

  async run() {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      if (this.stopping.signal.aborted) await this.end();
      try {
        await (this.file.size <= PIECE ? this.whole() : this.inPieces(() => (pause = FIRST_PAUSE_MS)));
        return;
      } catch (fault) {
        if (this.stopping.signal.aborted) continue;
        if (fault instanceof Forgotten && this.address !== null) this.address = null;
        else if (!(fault instanceof Interrupted)) throw fault;
      }
      this.onWaiting(Math.ceil(pause / 1000));
      await this.rest(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  async whole() {
    const body = new FormData();
    body.append("file", this.file, "file");
    const { send } = await this.addresses().catch(interrupt);
    const answer = await this.request("POST", send, { body, base: 0 });
    this.onRows(JSON.parse(answer.responseText).rows);
  }

  async inPieces(onward) {
    let offset = await (this.address === null ? this.open() : this.standing());
    this.onSent(offset);
    while (offset < this.file.size) {
      offset = await this.piece(offset);
      onward();
    }
    for (let more = true; more; onward()) more = await this.take();
  }

  async open() {
    const { deliver } = await this.addresses().catch(interrupt);
    const answer = await this.request("POST", deliver, { headers: { "Upload-Length": String(this.file.size) } });
    this.address = new URL(answer.getResponseHeader("Location"), location.href).pathname;
    return 0;
  }

  async standing() {
    return Number((await this.request("HEAD", this.address)).getResponseHeader("Upload-Offset"));
  }

  async piece(offset) {
    const body = this.file.slice(offset, offset + PIECE);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    const sum = await checksum(body);
    if (sum) headers["Upload-Checksum"] = sum;
    const answer = await this.request("PATCH", this.address, { headers, body, base: offset });
    return Number(answer.getResponseHeader("Upload-Offset"));
  }

  async take() {
    const body = new URLSearchParams({ seen: String(this.rows) });
    const { rows, more } = JSON.parse((await this.request("POST", `${this.address}take/`, { body })).responseText);
    this.rows += rows.length;
    if (rows.length > 0) this.onRows(rows);
    return more;
  }

  async end() {
    if (this.address !== null) {
      const headers = { "X-CSRFToken": this.token, "Tus-Resumable": TUS };
      await fetch(this.address, { method: "DELETE", headers }).catch(() => null); // unended, it lapses in a day
    }
    throw new Stopped();
  }

  request(method, address, { headers = {}, body = null, base = null } = {}) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      const all = { "X-CSRFToken": this.token, "Tus-Resumable": TUS, ...headers };
      for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
      if (base !== null) {
        request.upload.addEventListener("progress", (event) => {
          this.onSent(Math.min(base + event.loaded, this.file.size));
        });
      }
      const abort = () => request.abort();
      this.stopping.signal.addEventListener("abort", abort, { once: true });
      request.addEventListener("loadend", () => {
        this.stopping.signal.removeEventListener("abort", abort);
        const fault = faultOf(request, address);
        if (fault) reject(fault);
        else resolve(request);
      });
      request.send(body);
    });
  }

  rest(milliseconds) {
    return new Promise((resolve) => {
      const on = () => {
        clearTimeout(timer);
        removeEventListener("online", on);
        this.stopping.signal.removeEventListener("abort", on);
        resolve();
      };
      const timer = setTimeout(on, milliseconds);
      addEventListener("online", on);
      this.stopping.signal.addEventListener("abort", on);
    });
  }
}

function faultOf({ status, responseURL, responseText }, address) {
  if (status >= 200 && status < 300 && responseURL.endsWith(address)) return null;
  if (responseURL && !responseURL.endsWith(address)) return new SignedOut();
  if (status === 404 || status === 410) return new Forgotten();
  if (status === 403) return new SignedOut();
  if (status === 413 || status === 507) return new Refused(responseText);
  return new Interrupted();
}

function interrupt(fault) {
  throw fault instanceof SignedOut ? fault : new Interrupted();
}

async function checksum(blob) {
  if (!globalThis.crypto?.subtle) return "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return `sha256 ${btoa(String.fromCharCode(...digest))}`;
}
