import { MAILBOXES } from "../directory";
import { json, type WebRequest, type WebResponse } from "../http";
import { type Html, html, page } from "../pages/html";
import { type Dialogue, type Scan, submitScan } from "./submit";

const ENCRYPTIONS: Readonly<Record<Scan["encryption"], string>> = {
  tls: "SSL/TLS",
  starttls: "STARTTLS",
  none: "none",
};
/** Where the gateway of a demonstration listens, unless the port is taken. */
const DEFAULT_PORT = 4465;
const [first] = MAILBOXES;
const EMPTY: Scan = {
  port: DEFAULT_PORT,
  encryption: "tls",
  user: first?.address ?? "",
  password: "",
  from: first?.address ?? "",
  to: first?.address ?? "",
};

/** A scanner's own page: its settings, and a button that sends. Programs get the dialogue as JSON. */
export async function scannerPage(request: WebRequest): Promise<WebResponse> {
  if (request.method === "GET") return scanner(EMPTY, null);
  const scan = readScan(request.body);
  if (typeof scan === "string") return json(400, { error: scan });
  const dialogue = await submitScan(scan);
  const wantsPage = (request.headers.accept ?? "").includes("text/html");
  return wantsPage ? scanner(scan, dialogue) : json(200, dialogue);
}

/** One line each: whatever it holds must not be a command of its own. */
function readScan(body: URLSearchParams): Scan | string {
  const text = (name: string) => body.get(name)?.trim() ?? "";
  const [port, encryption] = [Number(text("port")), text("encryption") || "tls"];
  const [user, password, from, to] = ["user", "password", "from", "to"].map(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return "port is a number up to 65535.";
  if (!isEncryption(encryption)) return "encryption is tls, starttls or none.";
  const values = { user: user ?? "", password: password ?? "", from: from ?? "", to: to ?? "" };
  if (Object.values(values).some((value) => /[\r\n\0]/.test(value) || value === ""))
    return "user, password, from and to are one line each.";
  return { port, encryption, ...values };
}

function isEncryption(text: string): text is Scan["encryption"] {
  return Object.hasOwn(ENCRYPTIONS, text);
}

function scanner(scan: Scan, dialogue: Dialogue | null): WebResponse {
  return page({
    title: "Scanner",
    layout: "wide",
    body: html`<h1>Send with the scanner</h1>
<p class="muted">A device that knows only a user name and a password. Create one in the console under Email → Devices, and enter here what its page says. <a href="/">Faults of the mail server</a> strike behind the gateway.</p>
<section class="card"><form method="post" action="/scanner" class="stack">
<p>Server: <code>localhost</code></p>
${field("port", "Port", `${scan.port}`)}
<label for="encryption">Encryption</label>
<select id="encryption" name="encryption">${Object.entries(ENCRYPTIONS).map(
      ([value, label]) =>
        html`<option value="${value}"${value === scan.encryption ? html` selected` : ""}>${label}</option>`,
    )}</select>
${field("user", "User name", scan.user)}
${field("password", "Password", scan.password)}
${field("from", "From", scan.from)}
${field("to", "To", scan.to)}
<button>Scan and send</button></form></section>
${dialogue ? result(dialogue) : ""}`,
  });
}

function field(name: string, label: string, value: string): Html {
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${value}" required autocomplete="off" spellcheck="false">`;
}

function result({ lines, isSent }: Dialogue): Html {
  return html`<section class="card" aria-labelledby="result"><h2 id="result">${isSent ? "Sent" : "Not sent"}</h2>
<pre role="log">${lines.join("\n")}</pre></section>`;
}
