import { randomBytes } from "node:crypto";
import type { WebResponse } from "../http";
import { STYLE } from "./style";

/** Text that may go into a page as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Insert = string | number | Html | readonly Insert[] | false | undefined;

/** A template whose inserts are escaped, unless they are Html themselves. */
export function html(strings: TemplateStringsArray, ...inserts: Insert[]): Html {
  const parts = strings.map((text, index) => text + render(inserts[index]));
  return new Html(parts.join(""));
}

interface PageOptions {
  title: string;
  body: Html;
  status?: number;
  /** Where a form of this page may lead in the end, apart from the sandbox itself. */
  formTarget?: string;
  layout?: "wide";
}

/** A whole document with a Content-Security-Policy that allows no script at all. */
export function page(options: PageOptions): WebResponse {
  const nonce = randomBytes(16).toString("base64url");
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${options.title} (sandbox)</title>
<style nonce="${nonce}">${new Html(STYLE)}</style>
</head>
<body class="${options.layout ?? "dialog"}">
<header class="band"><strong>SANDBOX</strong> <span>Nothing here leaves this machine.</span></header>
<main>${options.body}</main>
</body>
</html>
`;
  const formAction = ["'self'", options.formTarget].filter(Boolean).join(" ");
  return {
    status: options.status ?? 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
    },
    body: document.text,
  };
}

/** Sends the browser to an application, with what it is told. */
export function sendBack(
  redirectUri: string,
  fields: Record<string, string | undefined>,
): WebResponse {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) url.searchParams.set(name, value);
  return seeOther(url.href);
}

/** An answer that sends the browser on with GET. */
export function seeOther(location: string): WebResponse {
  return { status: 303, headers: { location, "cache-control": "no-store" } };
}

function render(insert: Insert): string {
  if (insert === undefined || insert === false) return "";
  if (insert instanceof Html) return insert.text;
  if (typeof insert === "object") return insert.map(render).join("");
  return escapeText(String(insert));
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
