import { companyRemedy } from "./company-row";
import type { Written } from "./remedy";
import { companyPage } from "./steps";

const CORE = "https://openid.net/specs/openid-connect-core-1_0.html";
const OAUTH = "https://www.rfc-editor.org/rfc/rfc6749";
const ENTRA_GROUPS =
  "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-group-claims";

/** What the company's answer says of a sign-in, and what it leaves out. */
export const COMPANY_ANSWER: readonly Written[] = [
  companyRemedy("code_refused", {
    title: "The company's sign-in took its own answer back.",
    cause:
      "The code in the address was used already, is too old, or was made for another redirect URI.",
    steps: [
      "Sign in again from the sign-in page.",
      "If it happens each time, an administrator of Postkey has to register the redirect URI exactly as Settings → Sign-in shows it.",
    ],
    retry: "reauth",
    source: OAUTH,
  }),
  companyRemedy("refused", {
    title: "The company's sign-in refused the request.",
    cause: "It did not sign you in. A test of the sign-in shows what it said.",
    steps: [
      companyPage`choose Test sign-in and read the server response.`,
      "At the provider, check that the client may use the authorization code flow and the scopes openid, profile and email.",
    ],
    source: OAUTH,
  }),
  companyRemedy("answer_foreign", {
    title: "The answer belongs to another sign-in.",
    cause:
      "It does not answer what this browser asked, or came from another provider. Nothing was stored.",
    steps: [
      "Close other sign-in tabs, and sign in again from the sign-in page.",
      "If it happens again, tell your administrator: someone may have sent you a prepared link.",
    ],
    retry: "reauth",
    source: "https://www.rfc-editor.org/rfc/rfc9207",
  }),
  companyRemedy("token_invalid", {
    title: "The proof from the company's sign-in is not valid.",
    cause:
      "Its signature, audience, issuer or nonce is wrong, or it is not signed. Nothing was stored.",
    steps: [
      companyPage`choose Test sign-in: the server response says which check failed.`,
      "Check that the client ID is the one of this application, and that ID tokens are signed with RS256 or ES256.",
    ],
    source: CORE,
  }),
  companyRemedy("clock_wrong", {
    title: "The clocks of Postkey and of the company's sign-in differ.",
    cause:
      "The proof is not valid yet or not any more by this machine's clock. One minute is tolerated.",
    steps: ["Set the clock of the Postkey server by NTP, then sign in again."],
    source: CORE,
  }),
  companyRemedy("amr_missing", {
    title: "Your company did not say that you used the required second factor.",
    cause: "The claim amr lacks the value that Postkey requires.",
    steps: [
      "Sign in again with your second factor.",
      "If you did, the provider does not send amr. With Microsoft Entra it is an optional claim: have it added there.",
      "Or ask an administrator of Postkey to stop requiring it under Settings → Sign-in.",
    ],
    source: CORE,
  }),
  companyRemedy("claim_missing", {
    title: "The claim with your roles is missing or is not a list of names.",
    cause:
      "Postkey found no role names in your company's answer. That is not the same as having no role.",
    steps: [
      "At the provider, add the claim to the ID token (Entra: assign an app role; Keycloak: a mapper; Okta: a groups claim).",
      companyPage`choose Test sign-in: it lists the claims that came.`,
    ],
    who: "company_administrator",
  }),
  companyRemedy("groups_overflow", {
    title: "You are in too many groups for your company to list them.",
    cause:
      "Microsoft Entra leaves the groups out above 200. Postkey does not take that for no groups.",
    steps: [
      "Use app roles: assign them in the enterprise application, and set the claim to roles.",
      "Or let Entra send only groups assigned to the application.",
    ],
    who: "company_administrator",
    source: ENTRA_GROUPS,
  }),
  companyRemedy("address_missing", {
    title: "Your company did not say what your email address is.",
    cause: "Neither email nor preferred_username is an address.",
    steps: [
      "At the provider, allow the scope email for the client, and fill in the person's address.",
    ],
    who: "company_administrator",
    source: CORE,
  }),
  companyRemedy("auth_time_missing", {
    title: "Your company did not say when you signed in.",
    cause:
      "You signed in there, but its answer lacks the claim auth_time, so Postkey can't tell a fresh sign-in from an earlier one.",
    steps: [
      "Sign out of Postkey and sign in again. Right after that, Postkey doesn't ask you to confirm.",
      "So that confirming works: with Microsoft Entra, have the optional claim auth_time added to the ID token, under Token configuration in the app registration.",
      "At other providers, have ID tokens contain auth_time when max_age is requested.",
    ],
    who: "company_administrator",
    source: CORE,
  }),
  companyRemedy("auth_time_old", {
    title: "Your company let you through without asking who you are.",
    cause:
      "You signed in there earlier, and it ignored the request to ask you again (max_age and prompt).",
    steps: [
      "Sign out at your company, then confirm again.",
      "If it happens each time, have your provider honor max_age and prompt=login for this application.",
    ],
    who: "company_administrator",
    source: CORE,
  }),
];
