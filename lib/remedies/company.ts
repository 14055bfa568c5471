import type { Remedy } from "./remedy";

const CORE = "https://openid.net/specs/openid-connect-core-1_0.html";
const DISCOVERY = "https://openid.net/specs/openid-connect-discovery-1_0.html";
const OAUTH = "https://www.rfc-editor.org/rfc/rfc6749";
const ENTRA_CLAIMS =
  "https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference";
const ENTRA_GROUPS =
  "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-group-claims";
const GOOGLE = "https://developers.google.com/identity/openid-connect/openid-connect";

/** Of people who sign in at their company. */
export const COMPANY_REMEDIES: readonly Remedy[] = [
  entry("unreachable", {
    title: "The company's sign-in is not responding.",
    cause:
      "Postkey could not reach it, or it took too long. Signing in with a password still works.",
    steps: [
      "Try again in a minute.",
      "If it lasts, check from the Postkey server that the issuer's host resolves and answers over https.",
      "Until then an administrator can sign in with a password: add ?local to the address of the sign-in page.",
    ],
    retry: "yes",
  }),
  entry("certificate", {
    title: "Postkey does not trust the certificate of the company's sign-in.",
    cause:
      "Its authority is unknown to Postkey, it is for another host, or its time is over. The server response says which.",
    steps: [
      "If your company has an authority of its own, name its certificate in POSTKEY_CA_FILE and start Postkey again.",
      "Otherwise renew the certificate on the server, and have it send the whole chain.",
    ],
  }),
  entry("address_refused", {
    title: "Postkey does not ask addresses inside the network.",
    cause: "The issuer, or an address that it names, is a private address.",
    steps: [
      "Add the host of the issuer, which the server response names, to POSTKEY_PRIVATE_HOSTS and start Postkey again.",
    ],
  }),
  entry("no_discovery", {
    title: "There is no OpenID provider at this issuer.",
    cause: "Below it there is no usable document .well-known/openid-configuration.",
    steps: [
      "Open Settings → Sign-in and compare the issuer with your provider's own spelling.",
      "For Keycloak it ends in /realms/ and the realm; for Okta it is the domain without -admin.",
    ],
    source: DISCOVERY,
  }),
  entry("issuer_differs", {
    title: "The company's sign-in calls itself by another issuer.",
    cause: "What it says about itself, or its token, names another issuer than the one configured.",
    steps: [
      "Open Settings → Sign-in and enter the issuer exactly as the provider names it, slashes included.",
      "With Microsoft Entra, choose the preset and enter the tenant ID: common has no issuer of its own.",
    ],
    source: DISCOVERY,
  }),
  entry("client_refused", {
    title: "The company's sign-in refuses the client ID or the client secret.",
    cause: "The secret expired or was not copied completely, or the client ID is another one.",
    steps: [
      "Create a new client secret at your provider and copy its value, not its id.",
      "Open Settings → Sign-in, choose Edit, and enter it. Then test the sign-in.",
    ],
    source: OAUTH,
  }),
  entry("code_refused", {
    title: "The company's sign-in took its own answer back.",
    cause:
      "The code in the address was used already, is too old, or was made for another redirect URI.",
    steps: [
      "Sign in again from the sign-in page.",
      "If it happens each time, register the redirect URI of Settings → Sign-in exactly as it is shown.",
    ],
    retry: "reauth",
    source: OAUTH,
  }),
  entry("refused", {
    title: "The company's sign-in refused the request.",
    cause: "It did not sign you in. What it said is beside the test under Settings → Sign-in.",
    steps: [
      "Test the sign-in under Settings → Sign-in, and read its answer.",
      "At the provider, check that the client may use the authorization code flow and the scopes openid, profile and email.",
    ],
    source: OAUTH,
  }),
  entry("answer_foreign", {
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
  entry("token_invalid", {
    title: "The proof from the company's sign-in is not valid.",
    cause:
      "Its signature, audience, issuer or nonce is wrong, or it is not signed. Nothing was stored.",
    steps: [
      "Test the sign-in under Settings → Sign-in: the report says which check failed.",
      "Check that the client ID is the one of this application, and that ID tokens are signed with RS256 or ES256.",
    ],
    source: CORE,
  }),
  entry("clock_wrong", {
    title: "The clocks of Postkey and of the company's sign-in differ.",
    cause:
      "The proof is not valid yet or not any more by this machine's clock. One minute is tolerated.",
    steps: ["Set the clock of the Postkey server by NTP, then sign in again."],
    source: CORE,
  }),
  entry("person_gone", {
    title: "The company ended this sign-in.",
    cause: "The person was removed or disabled there, or their sessions were ended.",
    steps: ["Sign in again. If it is refused, ask who manages your company's accounts."],
    retry: "reauth",
    source: OAUTH,
  }),
  entry("tenant_foreign", {
    title: "You signed in with an account of another company.",
    cause: "Its tenant is not the one that may sign in here.",
    steps: ["Sign out at Microsoft, and sign in with the account of your company."],
    retry: "reauth",
    source: ENTRA_CLAIMS,
  }),
  entry("domain_foreign", {
    title: "You signed in with a Google account of another domain.",
    cause: "Personal accounts and other Workspace domains may not sign in here.",
    steps: ["Choose the account of your company's domain."],
    retry: "reauth",
    source: GOOGLE,
  }),
  entry("amr_missing", {
    title: "Your company did not say that you used the required second factor.",
    cause: "The claim amr lacks the value that Settings → Sign-in requires.",
    steps: [
      "Sign in again with your second factor.",
      "If you did, the provider does not send amr: with Microsoft Entra it is an optional claim. Add it there, or clear the field here.",
    ],
    source: CORE,
  }),
  entry("claim_missing", {
    title: "The claim with your roles is missing.",
    cause: "Your company's answer does not contain it, which is not the same as having no role.",
    steps: [
      "At the provider, add the claim to the ID token (Entra: assign an app role; Keycloak: a mapper; Okta: a groups claim).",
      "Test the sign-in under Settings → Sign-in: it lists the claims that came.",
    ],
    who: "tenant_administrator",
  }),
  entry("groups_overflow", {
    title: "You are in too many groups for your company to list them.",
    cause:
      "Microsoft Entra leaves the groups out above 200. Postkey does not take that for no groups.",
    steps: [
      "Use app roles: assign them in the enterprise application, and set the claim to roles.",
      "Or let Entra send only groups assigned to the application.",
    ],
    who: "tenant_administrator",
    source: ENTRA_GROUPS,
  }),
  entry("no_role", {
    title: "Your company gave you no role in Postkey.",
    cause: "None of your groups or roles is one of those under Settings → Sign-in.",
    steps: ["Ask who manages your company's groups to add you to one of them."],
    who: "tenant_administrator",
  }),
  entry("person_unknown", {
    title: "Nobody in Postkey has this company account yet.",
    cause: "New people are not created at their first sign-in.",
    steps: [
      "Ask an administrator for an invitation, and choose your company on its page.",
      "If you have a password here, sign in with it and add the company account in your profile.",
    ],
    retry: "reauth",
  }),
  entry("address_taken", {
    title: "Someone in Postkey has your email address already.",
    cause: "An address proves nothing: it can change hands. So nothing was linked.",
    steps: [
      "If it is you, sign in with your password and add the company account in your profile.",
      "If you have no password, ask an administrator for a password link.",
    ],
    retry: "reauth",
    source:
      "https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization",
  }),
  entry("address_missing", {
    title: "Your company did not say what your email address is.",
    cause: "Neither email nor preferred_username is an address.",
    steps: [
      "At the provider, allow the scope email for the client, and fill in the person's address.",
    ],
    who: "tenant_administrator",
    source: CORE,
  }),
  entry("identity_taken", {
    title: "This company account belongs to someone else in Postkey.",
    cause: "A company account can belong to one person only. Nothing was changed.",
    steps: [
      "Choose another account at your company, or ask the other person to remove it in their profile.",
    ],
    retry: "reauth",
  }),
  entry("person_differs", {
    title: "You confirmed with another company account.",
    cause:
      "It is not one of the company accounts that you sign in to Postkey with. Nothing was changed.",
    steps: ["Try again, and choose your own account at your company."],
    retry: "reauth",
  }),
  entry("auth_time_missing", {
    title: "Your company did not say when you signed in.",
    cause:
      "Its answer lacks the claim auth_time, so Postkey can't tell a fresh sign-in from an earlier one.",
    steps: [
      "With Microsoft Entra, open Token configuration in the app registration and add the optional claim auth_time to the ID token.",
      "At other providers, have ID tokens contain auth_time when max_age is requested.",
      "Until then, sign out of Postkey and sign in again before you change something dangerous.",
    ],
    who: "tenant_administrator",
    source: CORE,
  }),
  entry("auth_time_old", {
    title: "Your company let you through without asking who you are.",
    cause:
      "You signed in there earlier, and it ignored the request to ask you again (max_age and prompt).",
    steps: [
      "Sign out at your company, then confirm again.",
      "If it happens each time, have your provider honor max_age and prompt=login for this application.",
    ],
    who: "tenant_administrator",
    source: CORE,
  }),
  entry("person_disabled", {
    title: "You were disabled in Postkey.",
    cause: "An administrator disabled you here, whatever your company says.",
    steps: ["Ask an administrator to enable you under Settings → Administrators."],
  }),
  entry("link_void", {
    title: "This invitation no longer works.",
    cause: "It was used, or a day has passed.",
    steps: ["Ask an administrator for a new one."],
    retry: "reauth",
  }),
  entry("proof_old", {
    title: "Confirm that it's you before you add a company account.",
    cause:
      "You last confirmed it more than ten minutes ago. Signing in at your company took part of that time. Nothing was changed.",
    steps: ["Open your profile, add the company account again, and confirm that it's you."],
    retry: "reauth",
  }),
  entry("factor_first", {
    title: "Your role needs a second factor first.",
    cause: "A company account is added once you signed in with two factors. Nothing was changed.",
    steps: ["Set up a second factor, then add the company account in your profile."],
    retry: "reauth",
  }),
  entry("unknown", {
    title: "This company sign-in does not exist.",
    cause: "It was deleted, or the address was typed.",
    steps: ["Go to the sign-in page and choose a button there."],
    retry: "reauth",
  }),
  entry("switched_off", {
    title: "This company sign-in is switched off.",
    cause: "An administrator switched it off, or changed it without testing it.",
    steps: ["Open Settings → Sign-in, test it, and switch it on."],
  }),
  entry("not_completed", {
    title: "The sign-in was not completed.",
    cause:
      "It took longer than 15 minutes, was begun in another browser, or its page was loaded twice.",
    steps: ["Sign in again from the sign-in page, in one go. Cookies must be allowed."],
    retry: "reauth",
  }),
  entry("cancelled", {
    title: "The sign-in was cancelled at your company.",
    cause: "Someone chose Cancel there, or you may not use this application.",
    steps: [
      "Sign in again.",
      "If it is refused each time, have yourself assigned to the application at your company.",
    ],
    retry: "reauth",
    source: OAUTH,
  }),
  entry("too_many", {
    title: "Too many sign-ins failed from your address.",
    cause: "Postkey slows down an address after 30 failed attempts.",
    steps: ["Wait a few minutes, then sign in again."],
    retry: "yes",
  }),
  entry("issuer_taken", {
    title: "Another company sign-in has this issuer already.",
    cause: "An issuer can be configured once: it says who people are.",
    steps: ["Edit the one that exists under Settings → Sign-in."],
  }),
  entry("password_used", {
    title: "Someone signed in with a password although company sign-in is required.",
    cause: "Passwords of administrators stay as a way in for emergencies. Each use is reported.",
    steps: [
      "Ask the administrator named here whether it was them. The audit trail says when and from where.",
      "If it was not, end their sessions under Settings → Administrators and create a password link for them.",
    ],
  }),
  entry("failed", {
    title: "The company sign-in failed for a reason that Postkey does not know yet.",
    cause: "Something went wrong in Postkey itself. Nothing was stored.",
    steps: ["Try again.", "If it lasts, look into the log of Postkey for company sign-in failed."],
    retry: "yes",
  }),
];

type Entry = Pick<Remedy, "title" | "cause" | "steps"> &
  Partial<Pick<Remedy, "who" | "retry" | "source">>;

function entry(name: string, told: Entry): Remedy {
  const id = `company.${name}`;
  return { id, who: "postkey_administrator", retry: "after_fix", source: null, ...told };
}
