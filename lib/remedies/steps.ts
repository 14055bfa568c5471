import type { Deed, Step } from "./remedy";

/*
 * Steps that something on the page takes. `{Press}` and `{press}` stand for pressing it, by the word on it, and
 * what stands in brackets is left out where several people have to.
 */

const by =
  (does: Deed) =>
  (text: TemplateStringsArray, ...values: string[]): Step => ({
    does,
    text: String.raw(text, ...values),
  });

export const signIn = by("sign_in");
/** After something was mended: signs in again where a person has to, and tests where a renewal shows it. */
export const again = by("again");
export const test = by("test");
/** Passes by itself, where something tries again. */
export const wait = by("wait");
export const editAccount = by("edit_account");
export const mailbox = by("mailbox");
export const editProvider = by("edit_provider");
export const updateSecret = by("update_secret");
export const generateCertificate = by("generate_certificate");
/** About a host, a port or TLS: `{there}` is where these are set. */
export const hosts = by("hosts");
/** Only where tokens are taken. */
export const toTokens = by("to_tokens");
/** Only where an account may have a password and hosts of its own. */
export const passwords = by("passwords");
/** `{command}` is the command of the entry. Without one, “with {command}” is left out, and else the step. */
export const run = by("command");
/** Where packets get lost or connections are cut between here and the server. */
export const PATH =
  "Check firewalls and load balancers on the way, and on a VPN or tunnel the MTU: large packets may not get through.";
/** On the page of a company sign-in. */
export const companyPage = by("company_page");
