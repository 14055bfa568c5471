import type { ControlRequest } from "../control/control-request";
import { type Ran, runPowerShell } from "../exchange/powershell";
import { json, type WebResponse } from "../http";
import type { Platform } from "../platform";
import { html, page } from "./html";

/** Where the commands that Postkey prints for Exchange Online are pasted. */
export function exchangePage(ran: readonly Ran[] = []): WebResponse {
  return page({
    title: "Exchange Online PowerShell",
    layout: "wide",
    body: html`<div class="card">
<h1>Exchange Online PowerShell</h1>
<p class="muted">Paste what Postkey prints. What is granted counts at once here, and within two hours at Microsoft.</p>
<ul class="rows">${ran.map(
      ({ line, output, isRefused }) => html`<li class="row"><div class="what"><code>${line}</code>
<p><span class="chip ${isRefused ? "off" : "ok"}">${isRefused ? "refused" : "done"}</span> ${output}</p></div></li>`,
    )}</ul>
<form method="post" action="/exchange" class="stack">
<label for="script">Commands</label>
<textarea id="script" name="script" rows="12" required></textarea>
<button class="primary">Run</button></form>
<p><a href="/">Back to the control page</a></p></div>`,
  });
}

/** Answers a program with a row for each line. */
export function runScript(platform: Platform, { request }: ControlRequest): WebResponse {
  const ran = runPowerShell(platform, request.body.get("script") ?? "");
  return request.headers.accept?.includes("text/html") ? exchangePage(ran) : json(200, ran);
}
