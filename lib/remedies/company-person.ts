import { ADMIN, COMPANY_ADMIN, entry, REAUTH, see } from "./entry";
import type { Written } from "./remedy";

const OAUTH = "https://www.rfc-editor.org/rfc/rfc6749";
const ENTRA_CLAIMS =
  "https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference";
const GOOGLE = "https://developers.google.com/identity/openid-connect/openid-connect";

export const COMPANY_PERSON: readonly Written[] = [
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
