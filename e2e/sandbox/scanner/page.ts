import { MAILBOXES } from "../directory";
import type { WebRequest, WebResponse } from "../http";
import { type Html, html, page } from "../pages/html";
import { type Dialogue, type Scan, submitScan } from "./submit";

const ENCRYPTIONS = [
  ["tls", "SSL/TLS"],
  ["starttls", "STARTTLS"],
  ["none", "none"],
] as const;
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

/** A scanner's own page: its settings, and a button that sends. */
export async function scannerPage(request: WebRequest): Promise<WebResponse> {
  if (request.method === "GET") return scanner(EMPTY, null);
  const scan = readScan(request.body);
  return scanner(scan, await submitScan(scan));
}

function readScan(body: URLSearchParams): Scan {
  const text = (name: keyof Scan) => body.get(name)?.trim() ?? "";
  const encryption = ENCRYPTIONS.find(([value]) => value === text("encryption"))?.[0] ?? "tls";
  const login = { user: text("user"), password: text("password") };
  return { port: Number(text("port")), encryption, ...login, from: text("from"), to: text("to") };
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
<select id="encryption" name="encryption">${ENCRYPTIONS.map(
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
