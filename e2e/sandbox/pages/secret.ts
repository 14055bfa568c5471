import type { WebResponse } from "../http";
import type { ClientSecret, Registration } from "../registrations";
import { html, page } from "./html";

/** A new client secret, shown this once, as in Microsoft's portal. */
export function secretPage(registration: Registration, secret: ClientSecret): WebResponse {
  return page({
    title: "New client secret (sandbox)",
    layout: "dialog",
    body: html`
<h1>New client secret</h1>
<p class="muted">for ${registration.name}. Copy the value now: it is not shown again.</p>
<dl class="facts">
<dt>Value</dt><dd><code>${secret.value}</code></dd>
<dt>Secret ID</dt><dd><code>${secret.id}</code></dd>
<dt>Expires</dt><dd>${new Date(secret.expiresAt).toISOString().slice(0, 10)}</dd>
</dl>
<p>Paste the <strong>value</strong> into “Update Client Secret”, not the Secret ID.</p>
<p><a href="/#applications">Back to the control page</a></p>`,
  });
}
