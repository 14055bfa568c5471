import type { Deed, Step } from "./remedy";

/* `{Press}` and `{press}` become the button's word; brackets are dropped for several people. */

const by =
  (does: Deed) =>
  (text: TemplateStringsArray, ...values: string[]): Step => ({
    does,
    text: String.raw(text, ...values),
  });

export const signIn = by("sign_in");
/** Signs in again or tests, as needed. */
export const again = by("again");
export const test = by("test");
/** For failures that something retries. */
export const wait = by("wait");
export const editAccount = by("edit_account");
export const mailbox = by("mailbox");
export const editProvider = by("edit_provider");
export const updateSecret = by("update_secret");
export const generateCertificate = by("generate_certificate");
/** `{there}` is where host, port and TLS are set. */
export const hosts = by("hosts");
/** Only for tokens. */
export const toTokens = by("to_tokens");
/** Instead of SMTP. */
export const sendByGraph = by("send_by_graph");
/** Instead of IMAP and POP3. */
export const readByGraph = by("read_by_graph");
/** Only for accounts with passwords and hosts. */
export const passwords = by("passwords");
/** Without a command, “with {command}” or the step is dropped. */
export const run = by("command");
/** Packet loss, or cut connections. */
export const PATH =
  "Check firewalls and load balancers on the way, and on a VPN or tunnel the MTU: large packets may not get through.";
export const companyPage = by("company_page");

export const SIGN_IN = signIn`{Press}.`;
export const SIGN_IN_AGAIN = signIn`{Press} and sign in again.`;
export const ONE_GO = signIn`{Press}[ and finish the sign-in in one go].`;
export const AGAIN = again`{Press}.`;
export const TEST = test`{Press}.`;
export const RETRIED = wait`Wait. Postkey retries automatically.`;
export const STAY_SIGNED_IN = wait`Wait. Postkey retries automatically, and the mailboxes stay signed in.`;
export const NO_PROXY = "Check that no proxy changes requests to Microsoft's sign-in host.";
export const SET_CLOCK = "Synchronise the clock (NTP).";
