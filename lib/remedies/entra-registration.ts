import { APP } from "./commands";
import { entra, OWNER_SIGNS_IN, see, TENANT_ADMIN } from "./entry";
import { ENTERPRISE, REGISTRATION } from "./portal";
import { AGAIN, editProvider } from "./steps";

const REDIRECT = see(TENANT_ADMIN, REGISTRATION.authentication);
const SWITCHED_OFF = see(TENANT_ADMIN, ENTERPRISE.properties);

export const ENTRA_REGISTRATION = [
  entra("AADSTS50011", see(REDIRECT, APP.addRedirectUri))`
    The redirect URI is not registered for this application.
    Microsoft compares the address byte by byte with the ones in the app registration.
    Open Authentication in the app registration and add Postkey's redirect URI under the platform Web.
    Check https, the host name and that there is no slash at the end.
    If people reach Postkey at another address, correct POSTKEY_URL and restart it.`,
  entra("AADSTS900971", see(REDIRECT, APP.addRedirectUri))`
    The application has no redirect URI at all.
    The registration was made without one, so Microsoft has nowhere to send the browser.
    Add Postkey's redirect URI under Authentication, platform Web.`,
  entra("AADSTS70004", see(REDIRECT, APP.addRedirectUri))`
    The redirect URI is not valid for this application.
    It is registered for another platform than Web, or is written differently there.
    Open Authentication in the app registration and check which platform lists the address.
    Add exactly Postkey's redirect URI under the platform Web.`,
  entra("AADSTS500112", see(REDIRECT, "https://github.com/odoo/odoo/issues/44943"), {
    who: "postkey_administrator",
    command: APP.showRedirectUris,
  })`
    The sign-in started with one redirect URI and ended with another.
    POSTKEY_URL was changed in between, or a proxy rewrites the host, scheme or port.
    Set POSTKEY_URL to the one address that browsers use.
    Have the proxy pass host and scheme through unchanged.
    ${AGAIN}`,
  entra(["AADSTS9002325", "AADSTS700084"], see(REDIRECT, APP.showRedirectUris))`
    The redirect URI is registered for a single-page application.
    Tokens for that platform end after 24 hours and cannot be renewed by a server.
    Open Authentication in the app registration and remove Postkey's redirect URI from Single-page application.
    Add the same address under Web.
    ${AGAIN}`,
  entra(["AADSTS70001", "AADSTS7000112"], see(SWITCHED_OFF, APP.enable))`
    The application is switched off in this tenant.
    An administrator disabled it, or Microsoft did after an incident.
    Open the application under Enterprise applications, then Properties.
    Set Enabled for users to sign in to Yes.`,
  entra("AADSTS1000031", see(SWITCHED_OFF, APP.showInTenant))`
    An administrator has blocked this application for now.
    The tenant blocks it until someone has reviewed it.
    Ask an administrator of the tenant to review and allow the application.
    ${AGAIN}`,
  entra("AADSTS9002332", see(REDIRECT, APP.showAudience), { who: "postkey_administrator" })`
    The application takes work accounts, but a personal sign-in was asked for.
    The account types of the provider are wider than those of the registration.
    ${editProvider`Choose the same account types in the provider as in the registration.`}
    Or allow personal accounts in the registration.`,
  entra("AADSTS9002346", see(REDIRECT, APP.showAudience), { who: "postkey_administrator" })`
    The application takes personal accounts only.
    The registration supports Microsoft accounts, and a work account was asked for.
    ${editProvider`Choose the same account types in the provider as in the registration.`}
    Or allow work accounts in the registration.`,
  entra("AADSTS500208", see(REDIRECT, APP.showAudience), { ...OWNER_SIGNS_IN })`
    The account is of a kind that this application does not accept.
    A personal account was used where a work account is expected, or the other way round.
    Sign in with the account that owns the mailbox.
    ${editProvider`Or change the supported account types in the provider and in the registration.`}`,
];
