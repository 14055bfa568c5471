import { companyClient, EMPLOYEES } from "../company/company";
import type { ControlRequest } from "../control/control-request";
import { findTenant, MAILBOXES, type MailboxEntry, type MailboxKind, USERS } from "../directory";
import { serviceAccountKey } from "../google/state";
import type { WebResponse } from "../http";
import { tenantName } from "../identity/tenant-path";
import type { Platform } from "../platform";
import {
  APPLICATION_PERMISSIONS,
  type ClientSecret,
  currentSecret,
  type Registration,
} from "../registrations";
import { faultsSection } from "./control-faults";
import { type Html, html, page } from "./html";

const SHOWN_REQUESTS = 25;
const KIND_LABELS: Record<MailboxKind, string> = {
  user: "person",
  shared: "shared",
  password: "password",
  none: "no mailbox",
  google: "Google",
};

/** The page from which a person runs the sandbox; it works without JavaScript. */
export function controlPage(platform: Platform, control: ControlRequest): WebResponse {
  return page({
    title: "Sandbox control",
    layout: "wide",
    body: html`
<div class="head" id="top"><div>
<h1>Sandbox</h1>
<p class="muted">An identity platform and mail servers that behave like Microsoft 365, on this machine.</p>
</div>
<form method="post" action="/reset"><button>Reset everything</button></form></div>
<nav aria-label="On this page"><ul class="toc">
<li><a href="#applications">Values to paste</a></li><li><a href="#mailboxes">People and mailboxes</a></li>
<li><a href="#faults">Faults</a></li><li><a href="#messages">Messages</a></li><li><a href="#requests">Requests</a></li>
<li><a href="/scanner">Send with the scanner</a></li><li><a href="/exchange">Exchange Online PowerShell</a></li>
</ul></nav>
${applications(platform)}
${mailboxes(platform, control)}
${faultsSection(platform)}
${messages()}
${requests(platform)}`,
  });
}

function applications(platform: Platform): Html {
  const [main, ...others] = platform.state.data.registrations;
  return html`<section id="applications" aria-labelledby="applications-title" class="card">
<h2 id="applications-title">Values to paste</h2>
${main && application(platform, main)}
<details class="divided"><summary>Other applications: any organisation, app-only, and GCC High</summary>
<div class="columns">${others.map((each) => application(platform, each))}</div></details>
<details class="divided"><summary>Google: OAuth client and service account</summary>${googleValues(platform)}</details>
<details class="divided"><summary>Company sign-in: people who sign in to Postkey itself</summary>${companyValues(platform)}</details></section>`;
}

function companyValues(platform: Platform): Html {
  const { issuer, clientId, clientSecret } = companyClient(platform);
  return html`<p class="muted">In Postkey, under Settings → Company sign-in, add a company sign-in with “Any OpenID provider”.</p>
<dl class="facts">
<dt>Issuer</dt><dd><code>${issuer}</code></dd>
<dt>Client ID</dt><dd><code>${clientId}</code></dd>
<dt>Client secret</dt><dd><code>${clientSecret}</code></dd>
<dt>Claim</dt><dd><code>groups</code>, with ${EMPLOYEES.map(({ name, groups }) => `${groups.at(-1) ?? "no group"} (${name})`).join(", ")}</dd>
</dl>`;
}

function googleValues({ google, authority }: Platform): Html {
  const { clientId, clientSecret, serviceAccount } = google.state;
  return html`<dl class="facts">
<dt>Client Id</dt><dd><code>${clientId}</code></dd>
<dt>Client Secret</dt><dd><code>${clientSecret}</code></dd>
<dt>Redirect URI</dt><dd>${google.redirectUris.map((uri) => html`<code>${uri}</code><br>`)}</dd>
<dt>Service account</dt><dd><code>${serviceAccount.email}</code> <span class="muted">for ${serviceAccount.domains.join(", ")}</span></dd>
<dt>Its client id</dt><dd><code>${serviceAccount.clientId}</code></dd>
</dl>
<label for="service-account-key">Key file of the service account (JSON)</label>
<textarea id="service-account-key" rows="6" readonly>${serviceAccountKey(google.state, `${authority}/token`)}</textarea>`;
}

function application(platform: Platform, registration: Registration): Html {
  const { clientId, name, tenantId, redirectUris, secrets } = registration;
  const secret = currentSecret(registration, platform.now());
  return html`<div>
<h3>${name}</h3>
<p class="muted">${accountTypes(registration)}</p>
<dl class="facts">
<dt>Application Id</dt><dd><code>${clientId}</code></dd>
<dt>Tenant Id</dt><dd><code>${tenantId}</code> <span class="muted">(${tenantName(tenantId)})</span></dd>
<dt>Client Secret</dt><dd>${secret ? html`<code>${secret.value}</code>` : "none that is valid: create one"}</dd>
<dt>Redirect URI</dt><dd>${redirectUris.map((uri) => html`<code>${uri}</code><br>`)}</dd>
</dl>
<details><summary>Client secrets (${secrets.length})</summary>
<ul class="rows">${secrets.map((each) => secretRow(platform, registration, each))}</ul>
<form method="post" action="/registrations/${clientId}/secrets"><button>Create another client secret</button></form>
</details>
<details><summary>Certificates (${registration.certificates.length})</summary>
<form method="post" action="/registrations/${clientId}/certificates" class="stack">
<label for="certificate-${clientId}">Public certificate (PEM)</label>
<textarea id="certificate-${clientId}" name="certificate" rows="4" required></textarea>
<button>Upload certificate</button></form>
</details>
${registration.exchange && permissions(registration)}
<form method="post" action="/registrations/${clientId}/public-client"><input type="hidden" name="on" value="${registration.isPublicClient ? "false" : "true"}">
<button>${registration.isPublicClient ? "Forbid" : "Allow"} public client flows</button></form>
</div>`;
}

function permissions({ clientId, applicationPermissions }: Registration): Html {
  const rows = APPLICATION_PERMISSIONS.map((name) => {
    const isGranted = applicationPermissions.includes(name);
    return html`<label><input type="checkbox" name="granted" value="${name}"${isGranted && html` checked`}> ${name}</label>`;
  });
  return html`<details><summary>Permissions in Entra (${applicationPermissions.length})</summary>
<form method="post" action="/registrations/${clientId}/permissions" class="stack">
${rows}<button>Grant these alone</button></form>
</details>`;
}

/** A new client secret, shown this once, as in Microsoft's portal. */
export function secretPage(registration: Registration, secret: ClientSecret): WebResponse {
  return page({
    title: "New client secret",
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

function secretRow(platform: Platform, registration: Registration, secret: ClientSecret): Html {
  const isExpired = secret.expiresAt <= platform.now();
  const action = `/registrations/${registration.clientId}/secrets/${secret.id}`;
  const expiry = new Date(secret.expiresAt).toISOString().slice(0, 10);
  return html`<li class="row"><div class="what"><code>${secret.value.slice(0, 3)}…</code>
${isExpired ? html`<span class="chip off">expired</span>` : html`<span class="chip ok">valid until ${expiry}</span>`}
<p>Secret ID ${secret.id}</p></div>
${!isExpired && html`<form method="post" action="${action}/expire"><button>Expire this secret<span class="sr"> (${secret.id})</span></button></form>`}
</li>`;
}

function accountTypes(registration: Registration): string {
  const { exchange } = registration;
  if (exchange) return `App-only, with FullAccess to ${exchange.fullAccess.join(", ") || "none"}.`;
  return registration.accountTypes === "tenant"
    ? "Accounts in this organisation only. The one to begin with."
    : "Any organisation, and personal accounts.";
}

function mailboxes(platform: Platform, { context }: ControlRequest): Html {
  const { ports } = context;
  return html`<section id="mailboxes" class="card" aria-labelledby="mailboxes-title">
<h2 id="mailboxes-title">People and mailboxes</h2>
<p class="muted">No passwords at sign-in: picking an account is signing in.</p>
<ul class="rows">${MAILBOXES.map((entry) => mailboxRow(platform, entry))}</ul>
<div class="columns">
<dl class="facts"><dt>IMAP</dt><dd>localhost:${ports.imap ?? ""}, implicit TLS</dd>
<dt>POP3</dt><dd>localhost:${ports.pop3 ?? ""}, implicit TLS</dd>
<dt>SMTP</dt><dd>localhost:${ports.smtp ?? ""}, STARTTLS</dd></dl>
<dl class="facts"><dt>IMAP (Custom)</dt><dd>localhost:${ports.customImap ?? ""}, STARTTLS</dd>
<dt>POP3 (Custom)</dt><dd>localhost:${ports.customPop3 ?? ""}, STARTTLS</dd>
<dt>SMTP (Custom)</dt><dd>localhost:${ports.customSmtp ?? ""}, implicit TLS</dd></dl></div>
<p class="muted">CA certificate: <code>${context.caFile}</code> · cloud preset: <code>${context.cloudFile}</code></p>
</section>`;
}

function mailboxRow(platform: Platform, entry: MailboxEntry): Html {
  const user = USERS.find((each) => each.address === entry.address);
  const count = platform.mail.find(entry.address)?.folders[0]?.messages.length;
  const tenant = findTenant(entry.address.slice(entry.address.indexOf("@") + 1));
  const isPassword = entry.kind === "password";
  const canSignIn = user && !user.isDisabled;
  return html`<li class="row"><div class="what"><strong>${entry.name}</strong> <code class="copy">${entry.address}</code>
<span class="chip">${KIND_LABELS[entry.kind]}</span>
${user?.isDisabled && html`<span class="chip off">sign-in blocked</span>`}
<p>${entry.hint} ${isPassword && html`Password <code class="copy">${platform.state.data.mailPassword}</code> ·`}
${tenant?.name}${count !== undefined && ` · ${count} in the inbox`}</p></div>
${
  canSignIn &&
  html`<form method="post" action="/users/${entry.address}/revoke"><button>Revoke sign-in<span class="sr"> of ${entry.name}</span></button></form>`
}</li>`;
}

function messages(): Html {
  const options = MAILBOXES.filter((entry) => entry.kind !== "none").map(
    (entry) => html`<option>${entry.address}</option>`,
  );
  return html`<section id="messages" class="card" aria-labelledby="messages-title">
<h2 id="messages-title">Send a message</h2>
<form method="post" action="/messages" class="grid-form">
<div><label for="from">From (any address)</label><input id="from" name="from" type="email" required value="kim.larsen@customer.test"></div>
<div><label for="to">To</label><select id="to" name="to">${options}</select></div>
<div class="full"><label for="subject">Subject</label><input id="subject" name="subject" value="A question"></div>
<div class="full"><label for="text">Text</label><textarea id="text" name="text" rows="3">Hello!</textarea></div>
<button class="primary">Send</button></form></section>`;
}

function requests(platform: Platform): Html {
  const { last } = platform.requests.report();
  const rows = last.slice(-SHOWN_REQUESTS).reverse();
  return html`<section id="requests" class="card" aria-labelledby="requests-title">
<h2 id="requests-title">Requests</h2>
<p class="muted">The newest first, with the reason that no protocol tells. <a href="/requests">All as JSON</a></p>
${
  rows.length === 0
    ? html`<p>Nothing has been asked yet.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Latest requests"><table>
<thead><tr><th>Time</th><th>Where</th><th>What</th><th>Mailbox</th><th>Outcome</th></tr></thead>
<tbody>${rows.map(
        (each) =>
          html`<tr><td class="time">${each.at.slice(11, 23)}</td><td>${each.place}</td><td>${each.what}</td><td>${each.mailbox ?? ""}</td><td>${each.outcome}</td></tr>`,
      )}</tbody></table></div>`
}</section>`;
}
