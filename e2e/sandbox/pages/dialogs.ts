import type { WebResponse } from "../http";
import { type Html, html, page } from "./html";

interface Dialog {
  heading: string;
  /** Where its forms are posted to, and where the browser may be sent after that. */
  action: string;
  formTarget?: string;
}

export interface Account {
  address: string;
  name: string;
  details?: readonly string[];
  /** What keeps it from signing in. */
  blocked?: string | false;
}

interface Accounts extends Dialog {
  intro: Html;
  accounts: readonly Account[];
  /** The address that was asked for: it comes first. */
  hint?: string;
}

/** No passwords: choosing an account is signing in. */
export function accountsPage(dialog: Accounts, refusal?: Html): WebResponse {
  const { heading, action, formTarget = "", intro, accounts, hint } = dialog;
  const isHinted = ({ address }: Account) => address === hint?.toLowerCase();
  const ordered = [...accounts.filter(isHinted), ...accounts.filter((each) => !isHinted(each))];
  return page({
    title: heading,
    status: refusal ? 400 : 200,
    formTarget,
    body: html`
<h1>${heading}</h1>
<p class="muted">${intro}</p>
${refusal}
<form method="post" action="${action}">
<ul class="accounts">${ordered.map((each) => accountButton(each, isHinted(each)))}</ul></form>
<form method="post" action="${action}"><button class="link" name="cancel" value="1">Cancel and go back</button></form>`,
  });
}

function accountButton({ address, name, details = [], blocked }: Account, isHinted: boolean): Html {
  return html`<li><button name="account" value="${address}"${isHinted && html` class="hinted" autofocus`}>
<span class="avatar" aria-hidden="true">${name.slice(0, 1)}</span>
<span class="who"><strong>${name}</strong>${[address, ...details].map((each) => html`<span>${each}</span>`)}</span>
${isHinted && html`<span class="chip">asked for</span>`}${blocked && html`<span class="chip off">${blocked}</span>`}
</button></li>`;
}

interface Consent extends Dialog {
  account: string;
  /** Who asks for what. */
  asked: Html;
  accept?: string;
}

export function consentPage(dialog: Consent): WebResponse {
  const { heading, action, formTarget = "", account, asked, accept = "Accept" } = dialog;
  return page({
    title: heading,
    formTarget,
    body: html`
<p class="signed-in">${account}</p>
<h1>${heading}</h1>
<form method="post" action="${action}" class="actions">
<input type="hidden" name="account" value="${account}">
${asked}
<button name="cancel" value="1" formnovalidate>Cancel</button>
<button class="primary" name="consent" value="accept">${accept}</button></form>`,
  });
}

/** A refusal with nowhere to go back to, as for an unknown application. */
export function refusalPage(heading: string, message: Html, status = 400): WebResponse {
  return page({
    title: heading,
    status,
    body: html`<h1>${heading}</h1>
<p class="refusal" role="alert">${message}</p>
<p class="muted">Nothing is sent back to the application for this error.</p>`,
  });
}

export function told(text: string): WebResponse {
  return page({ title: text, body: html`<h1>${text}</h1>` });
}
