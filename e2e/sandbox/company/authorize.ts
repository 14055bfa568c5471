import type { WebRequest, WebResponse } from "../http";
import { keepCode } from "../identity/grants";
import { accountsPage, refusalPage, told } from "../pages/dialogs";
import { html, seeOther, sendBack } from "../pages/html";
import type { Platform } from "../platform";
import { COMPANY, companyClient, EMPLOYEES, isOfPostkey } from "./company";

const CALLBACK = /^\/api\/auth\/callback\/[\w-]+$/;
const SIGNED_OUT = /^\/sign-in$/;

/** What a browser asks the company; undefined for addresses that are not the company's. */
export function companyBrowserHandler(
  platform: Platform,
  request: WebRequest,
): WebResponse | undefined {
  if (request.path === `${COMPANY}/authorize`) return authorize(platform, request);
  return request.path === `${COMPANY}/logout` ? signOut(platform, request) : undefined;
}

function authorize(platform: Platform, request: WebRequest): WebResponse {
  const { query, body } = request;
  const { clientId, issuer: iss } = companyClient(platform);
  const redirectUri = query.get("redirect_uri") ?? "";
  if (query.get("client_id") !== clientId) return refused("This client is not registered.");
  if (!isOfPostkey(platform, redirectUri, CALLBACK))
    return refused(`${redirectUri} is no redirect URI of this Postkey.`);
  const answer = (fields: Record<string, string>) =>
    sendBack(redirectUri, { ...fields, iss, state: query.get("state") ?? "" });
  if (query.get("prompt") === "none") return answer({ error: "login_required" });
  if (body.get("cancel")) return answer({ error: "access_denied" });
  const employee = EMPLOYEES.find(({ email }) => email === body.get("account"));
  if (!employee) return chooserPage(request);
  platform.requests.record({ place: "authorize", what: "company", outcome: "code" });
  const code = keepCode(platform.companyCodes, "", {
    employee,
    redirectUri,
    issuedAt: platform.now(),
    codeChallenge: query.get("code_challenge") ?? "",
    nonce: query.get("nonce") ?? undefined,
  });
  return answer({ code });
}

/** It keeps no session, so that everyone who comes is asked each time. */
function chooserPage({ path, query }: WebRequest): WebResponse {
  return accountsPage({
    heading: "Who are you?",
    action: `${path}?${query}`,
    formTarget: new URL(query.get("redirect_uri") ?? "").origin,
    intro: html`Contoso signs you in to <strong>Postkey</strong>. Your groups decide what you may do there.`,
    accounts: EMPLOYEES.map(({ email, name, groups }) => ({
      address: email,
      name,
      details: [groups.join(", ") || "in no group"],
    })),
  });
}

function signOut(platform: Platform, { query }: WebRequest): WebResponse {
  const back = query.get("post_logout_redirect_uri") ?? "";
  return isOfPostkey(platform, back, SIGNED_OUT) ? seeOther(back) : told("You signed out");
}

function refused(message: string): WebResponse {
  return refusalPage("This sign-in can't go on", html`${message}`);
}
