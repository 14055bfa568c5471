import { companyRemedy } from "./company-row";
import type { Written } from "./remedy";
import { companyPage } from "./steps";

const DISCOVERY = "https://openid.net/specs/openid-connect-discovery-1_0.html";
const OAUTH = "https://www.rfc-editor.org/rfc/rfc6749";

/** Between Postkey and the company's OpenID provider. */
export const COMPANY_PROVIDER: readonly Written[] = [
  companyRemedy("unreachable", {
    title: "The company's sign-in is not responding.",
    cause:
      "Postkey could not reach it, or it took too long. Signing in with a password still works.",
    steps: [
      "Try again in a minute.",
      "If it continues, check from the Postkey server that the issuer's host resolves and answers over https.",
      "Until then an administrator can sign in with a password: add ?local to the address of the sign-in page.",
    ],
    retry: "yes",
  }),
  companyRemedy("certificate", {
    title: "Postkey does not trust the certificate of the company's sign-in.",
    cause:
      "Postkey does not know its authority, it is for another host, or it has expired. The server response says which.",
    steps: [
      "If your company has an authority of its own, name its certificate in POSTKEY_CA_FILE and start Postkey again.",
      "Otherwise renew the certificate on the server, and have it send the whole chain.",
    ],
  }),
  companyRemedy("address_refused", {
    title: "Postkey does not ask addresses inside the network.",
    cause: "The issuer, or an address that it names, is a private address.",
    steps: [
      "Add the host of the issuer, which the server response names, to POSTKEY_PRIVATE_HOSTS and start Postkey again.",
    ],
  }),
  companyRemedy("no_discovery", {
    title: "There is no OpenID provider at this issuer.",
    cause: "There is no usable document at /.well-known/openid-configuration below it.",
    steps: [
      companyPage`choose Edit and compare the issuer with your provider's own spelling.`,
      "For Keycloak it ends in /realms/ and the realm; for Okta it is the domain without -admin.",
    ],
    source: DISCOVERY,
  }),
  companyRemedy("issuer_differs", {
    title: "The company's sign-in calls itself by another issuer.",
    cause: "Its metadata or token names a different issuer than the one configured.",
    steps: [
      companyPage`choose Edit and enter the issuer exactly as the provider names it, slashes included.`,
      "With Microsoft Entra, choose the preset and enter the tenant ID: common has no issuer of its own.",
    ],
    source: DISCOVERY,
  }),
  companyRemedy("client_refused", {
    title: "The company's sign-in refuses the client ID or the client secret.",
    cause: "The secret expired or was not copied completely, or the client ID is another one.",
    steps: [
      "Create a new client secret at your provider and copy its value, not its id.",
      companyPage`choose Edit and enter the new secret. Then choose Test sign-in.`,
    ],
    source: OAUTH,
  }),
  companyRemedy("issuer_taken", {
    title: "Another company sign-in has this issuer already.",
    cause: "An issuer can be configured once: it says who people are.",
    steps: ["Edit the one that exists under Settings → Sign-in."],
  }),
];
