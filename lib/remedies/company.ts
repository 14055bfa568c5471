import { ADMIN, COMPANY_ADMIN, entry, PASSES, REAUTH, rfc, see } from "./entry";
import type { Written } from "./remedy";
import { companyPage } from "./steps";

const DISCOVERY = "https://openid.net/specs/openid-connect-discovery-1_0.html";

const CORE = "https://openid.net/specs/openid-connect-core-1_0.html";
const OAUTH = rfc("6749");
const ENTRA_GROUPS =
  "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-group-claims";
const ENTRA_CLAIMS =
  "https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference";
const GOOGLE = "https://developers.google.com/identity/openid-connect/openid-connect";

export const COMPANY_REMEDIES: readonly Written[] = [
  entry("company.unreachable", PASSES)`
    The company's sign-in is not responding.
    Postkey could not reach it, or it took too long. Signing in with a password still works.
    Try again in a minute.
    If it continues, check from the Postkey server that the issuer's host resolves and answers over https.
    Until then an administrator can sign in with a password: add ?local to the address of the sign-in page.`,
  entry("company.certificate", ADMIN)`
    Postkey does not trust the certificate of the company's sign-in.
    Postkey does not know its authority, it is for another host, or it has expired. The server response says which.
    If your company has an authority of its own, name its certificate in POSTKEY_CA_FILE and start Postkey again.
    Otherwise renew the certificate on the server, and have it send the whole chain.`,
  entry("company.address_refused", ADMIN)`
    Postkey does not ask addresses inside the network.
    The issuer, or an address that it names, is a private address.
    Add the host of the issuer, which the server response names, to POSTKEY_PRIVATE_HOSTS and start Postkey again.`,
  entry("company.no_discovery", see(ADMIN, DISCOVERY))`
    There is no OpenID provider at this issuer.
    There is no usable document at /.well-known/openid-configuration below it.
    ${companyPage`choose Edit and compare the issuer with your provider's own spelling.`}
    For Keycloak it ends in /realms/ and the realm; for Okta it is the domain without -admin.`,
  entry("company.issuer_differs", see(ADMIN, DISCOVERY))`
    The company's sign-in calls itself by another issuer.
    Its metadata or token names a different issuer than the one configured.
    ${companyPage`choose Edit and enter the issuer exactly as the provider names it, slashes included.`}
    With Microsoft Entra, choose the preset and enter the tenant ID: common has no issuer of its own.`,
  entry("company.client_refused", see(ADMIN, OAUTH))`
    The company's sign-in refuses the client ID or the client secret.
    The secret expired or was not copied completely, or the client ID is another one.
    Create a new client secret at your provider and copy its value, not its id.
    ${companyPage`choose Edit and enter the new secret. Then choose Test sign-in.`}`,
  entry("company.issuer_taken", ADMIN)`
    Another company sign-in has this issuer already.
    An issuer can be configured once: it says who people are.
    Edit the one that exists under Settings → Company sign-in.`,
  entry("company.unknown", REAUTH)`
    This company sign-in does not exist.
    It was deleted, or the address was typed.
    Go to the sign-in page and choose a button there.`,
  entry("company.switched_off", ADMIN)`
    This company sign-in is switched off.
    An administrator switched it off, or changed it without testing it.
    ${companyPage`choose Test sign-in, then Switch on.`}`,
  entry("company.not_completed", REAUTH)`
    The sign-in was not completed.
    It took longer than 15 minutes, was begun in another browser, its page was loaded twice, or an administrator changed the company sign-in in the meantime.
    Sign in again from the sign-in page, in one go. Cookies must be allowed.`,
  entry("company.cancelled", see(REAUTH, OAUTH))`
    The sign-in was cancelled at your company.
    Someone chose Cancel there, or you may not use this application.
    Sign in again.
    If it is refused each time, have yourself assigned to the application at your company.`,
  entry("company.too_many", PASSES)`
    Postkey is busy with sign-ins. Try again in a minute.
    Many people are signing in, many sign-ins failed, or the company or the database is slow. After 30 failed attempts, a network has to wait.
    Wait a minute, then sign in again from the sign-in page.`,
  entry("company.password_used", ADMIN)`
    Someone signed in without the company although company sign-in is required.
    Passwords and passkeys of administrators stay as a way in for emergencies. Each use is reported.
    Ask the administrator named here whether it was them. The audit trail says when and from where.
    If it was not, end their sessions under Settings → People and create a password link for them.`,
  entry("company.failed", PASSES)`
    The company sign-in failed for a reason that Postkey does not know yet.
    Something went wrong in Postkey itself. Nothing was stored.
    Try again.
    If it continues, search Postkey's log for “company sign-in failed”.`,
  entry("company.code_refused", see(REAUTH, OAUTH))`
    The company's sign-in took its own answer back.
    The code in the address was used already, is too old, or was made for another redirect URI.
    Sign in again from the sign-in page.
    If it happens each time, an administrator of Postkey has to register the redirect URI exactly as Settings → Company sign-in shows it.`,
  entry("company.refused", see(ADMIN, OAUTH))`
    The company's sign-in refused the request.
    It did not sign you in. A test of the sign-in shows what it said.
    ${companyPage`choose Test sign-in and read the server response.`}
    At the provider, check that the client may use the authorization code flow and the scopes openid, profile and email.`,
  entry("company.answer_foreign", see(REAUTH, rfc("9207")))`
    The answer belongs to another sign-in.
    It does not answer what this browser asked, or came from another provider. Nothing was stored.
    Close other sign-in tabs, and sign in again from the sign-in page.
    If it happens again, tell your administrator: someone may have sent you a prepared link.`,
  entry("company.token_invalid", see(ADMIN, CORE))`
    The proof from the company's sign-in is not valid.
    Its signature, audience, issuer or nonce is wrong, or it is not signed. Nothing was stored.
    ${companyPage`choose Test sign-in: the server response says which check failed.`}
    Check that the client ID is the one of this application, and that ID tokens are signed with RS256 or ES256.`,
  entry("company.clock_wrong", see(ADMIN, CORE))`
    The clocks of Postkey and of the company's sign-in differ.
    The proof is not valid yet or not any more by this machine's clock. One minute is tolerated.
    Set the clock of the Postkey server by NTP, then sign in again.`,
  entry("company.amr_missing", see(ADMIN, CORE))`
    Your company did not say that you used the required second factor.
    The claim amr lacks the value that Postkey requires.
    Sign in again with your second factor.
    If you did, the provider does not send amr. With Microsoft Entra it is an optional claim: have it added there.
    Or ask an administrator of Postkey to stop requiring it under Settings → Company sign-in.`,
  entry("company.claim_missing", COMPANY_ADMIN)`
    The claim with your roles is missing or is not a list of names.
    Postkey found no role names in your company's answer. That is not the same as having no role.
    At the provider, add the claim to the ID token (Entra: assign an app role; Keycloak: a mapper; Okta: a groups claim).
    ${companyPage`choose Test sign-in: it lists the claims that came.`}`,
  entry("company.groups_overflow", see(COMPANY_ADMIN, ENTRA_GROUPS))`
    You are in too many groups for your company to list them.
    Microsoft Entra leaves the groups out above 200. Postkey does not take that for no groups.
    Use app roles: assign them in the enterprise application, and set the claim to roles.
    Or let Entra send only groups assigned to the application.`,
  entry("company.address_missing", see(COMPANY_ADMIN, CORE))`
    Your company did not say what your email address is.
    Neither email nor preferred_username is an address.
    At the provider, allow the scope email for the client, and fill in the person's address.`,
  entry("company.auth_time_missing", see(COMPANY_ADMIN, CORE))`
    Your company did not say when you signed in.
    You signed in there, but its answer lacks the claim auth_time, so Postkey can't tell a fresh sign-in from an earlier one.
    Sign out of Postkey and sign in again. Right after that, Postkey doesn't ask you to confirm.
    So that confirming works: with Microsoft Entra, have the optional claim auth_time added to the ID token, under Token configuration in the app registration.
    At other providers, have ID tokens contain auth_time when max_age is requested.`,
  entry("company.auth_time_old", see(COMPANY_ADMIN, CORE))`
    Your company let you through without asking who you are.
    You signed in there earlier, and it ignored the request to ask you again (max_age and prompt).
    Sign out at your company, then confirm again.
    If it happens each time, have your provider honor max_age and prompt=login for this application.`,
  entry("company.person_gone", see(REAUTH, OAUTH))`
    The company ended this sign-in.
    The person was removed or disabled there, or their sessions were ended.
    Sign in again. If it is refused, ask who manages your company's accounts.`,
  entry("company.sign_in_expired", see(REAUTH, OAUTH))`
    The sign-in at the company has expired.
    The company asks for a new one: after some hours, or after a change of the password or of its rules.
    Sign in again.`,
  entry("company.tenant_foreign", see(REAUTH, ENTRA_CLAIMS))`
    You signed in with an account of another company.
    Its tenant is not the one that may sign in here.
    Sign out at Microsoft, and sign in with the account of your company.`,
  entry("company.domain_foreign", see(REAUTH, GOOGLE))`
    You signed in with a Google account of another domain.
    Personal accounts and other Workspace domains may not sign in here.
    Choose the account of your company's domain.`,
  entry("company.no_role", COMPANY_ADMIN)`
    Your company account has no role in Postkey.
    None of your groups or roles at your company gives one here.
    Ask an administrator of Postkey which of your company's groups or roles gives access.
    Then ask who manages your company's accounts to add you to that group.`,
  entry("company.person_unknown", REAUTH)`
    No one in Postkey has this company account yet.
    New people are not created at their first sign-in.
    Ask an administrator for an invitation, and choose your company on its page.
    If you have a password here, sign in with it and add the company account in your profile.`,
  entry("company.address_taken", REAUTH, {
    source:
      "https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization",
  })`
    Someone in Postkey has your email address already.
    An address proves nothing: it can change hands. So nothing was linked.
    If it is you, sign in with your password and add the company account in your profile.
    If you have no password, ask an administrator for a password link.`,
  entry("company.identity_taken", REAUTH)`
    This company account belongs to someone else in Postkey.
    A company account can belong to one person only. Nothing was changed.
    Choose another account at your company, or ask the other person to remove it in their profile.`,
  entry("company.person_differs", REAUTH)`
    You confirmed with another company account.
    It is not one of the company accounts that you sign in to Postkey with. Nothing was changed.
    Try again, and choose your own account at your company.`,
  entry("company.person_disabled", ADMIN)`
    You were disabled in Postkey.
    An administrator disabled you here, whatever your company says.
    Ask an administrator to enable you under Settings → People.`,
  entry("company.link_void", REAUTH)`
    This invitation no longer works.
    It was used, or a day has passed.
    Ask an administrator for a new one.`,
  entry("company.invitation_foreign", REAUTH)`
    This invitation is for another address.
    It names an email address, and your company says that yours is another one, or has not verified it. Nothing was stored.
    If it is yours, ask for an invitation to the address that your company gives you, or for one without an address.`,
  entry("company.proof_old", REAUTH)`
    Confirm that it's you before you add a company account.
    You last confirmed it too long ago. Signing in at your company took part of that time. Nothing was changed.
    Open your profile, add the company account again, and confirm that it's you.`,
  entry("company.factor_first", REAUTH)`
    Your role needs a second factor first.
    A company account is added once you signed in with two factors. Nothing was changed.
    Set up a second factor, then add the company account in your profile.`,
];
