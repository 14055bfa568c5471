import { ADMIN, entry, OWNER_SIGNS_IN, PASSES, REAUTH, TENANT_ADMIN } from "./entry";
import type { Written } from "./remedy";
import { MICROSOFT } from "./services";
import { AGAIN, again, editProvider, SIGN_IN, signIn } from "./steps";

export const CALLBACK_REMEDIES: readonly Written[] = [
  entry("callback.state_missing", REAUTH)`
    This address was opened without a sign-in.
    The identity platform sends the browser back to it. It does nothing on its own.
    ${SIGN_IN}`,
  entry("callback.state_unknown", REAUTH)`
    Postkey did not start this sign-in.
    The link is old, was already used, or was created by someone else.
    ${SIGN_IN}`,
  entry("callback.state_expired", REAUTH)`
    The sign-in took longer than ten minutes.
    For safety, a sign-in does not stay open for longer than that.
    ${again`{Press}[ and finish it in one go].`}`,
  entry("callback.other_session", REAUTH)`
    The sign-in was started in another browser or by someone else.
    Only the browser in which it began may complete it.
    ${signIn`{Press} in this browser, and stay signed in to Postkey until it is done.`}
    If you were sent a link, open the link again in this browser.`,
  entry("callback.answered_already", REAUTH)`
    This sign-in was already completed. Your new choice was not used.
    The Back button led to the pages of a completed sign-in. Its first answer counts, even if you chose another account the second time.
    Go to Cloud Providers and see who is signed in.
    ${signIn`To sign in another account, {press} and choose it there.`}`,
  entry("callback.issuer_unknown", REAUTH)`
    The answer came from another identity platform than the one that was asked.
    It names an issuer that is not the provider's. Its code was not used, and nothing changed.
    ${editProvider`Check the tenant ID and the cloud of the provider.`}
    ${again`{Press}. If it happens again, ask the people who run your network or proxy.`}`,
  entry("callback.provider_changed", REAUTH)`
    The provider was changed while someone was signing in.
    The answer belongs to the earlier settings and was discarded.
    ${AGAIN}`,
  entry("callback.provider_deleted", ADMIN)`
    The provider was deleted while someone was signing in.
    The provider of the sign-in no longer exists.
    ${signIn`Create the provider again, then {press}.`}`,
  entry("callback.other_mailbox", OWNER_SIGNS_IN)`
    The person who signed in is not the one that the link is for.
    A link is for one mailbox alone. Nothing was stored.
    Open the link again, and at the account picker choose the mailbox that the link names.
    If that mailbox has another address now, change the user name of its email account and create a new link.`,
  entry("callback.link_void", OWNER_SIGNS_IN)`
    This link no longer works.
    It was used, replaced or revoked, or it has expired. Nothing was stored.
    Ask the person who sent the link for a new one.`,
  entry("callback.code_missing", REAUTH)`
    The browser came back from the identity platform without a result.
    Something on the way cut the answer short.
    ${AGAIN}
    Check that no proxy removes the part of the address after the question mark.`,
  entry("callback.id_token_invalid", REAUTH)`
    The proof of who signed in is not valid.
    Its signature, issuer or audience is wrong. Nothing was stored.
    ${editProvider`Check application ID, tenant ID and cloud of the provider.`}
    Let {signInHost} through without inspection or caching.
    ${AGAIN}`,
  entry("callback.id_token_out_of_date", REAUTH)`
    The proof of who signed in is out of date, or not valid yet.
    By this machine's clock, that is. Five minutes are tolerated. Nothing was stored.
    Synchronise the clock of this machine (NTP).
    ${AGAIN}`,
  entry("callback.mail_not_granted", OWNER_SIGNS_IN)`
    The sign-in was completed without any permission for mail.
    Its permission was not ticked on the consent page, or the app registration lacks it. Nothing was stored; an earlier sign-in of this mailbox still counts.
    ${again`{Press}, and tick the box that allows access to your email.`}
    If the page does not ask for mail, add the mail permissions to the app registration, and try again.`,
  entry("callback.other_identity", OWNER_SIGNS_IN)`
    A different person signed in than expected.
    The browser was signed in with a different account.
    ${signIn`{Press} and choose the expected account. A private window helps.`}
    If you want this change, confirm it when Postkey asks.`,
  entry("callback.database_unreachable", PASSES)`
    Postkey cannot reach its database, so the sign-in has to wait.
    The platform's answer has not been used up yet.
    Get the database running.
    ${again`Reload this page within ten minutes, or {press}.`}`,
  entry("callback.access_denied", OWNER_SIGNS_IN)`
    The sign-in was refused or cancelled.
    Someone pressed Cancel, or the organisation does not allow it.
    ${again`{Press} and accept.`}
    If the organisation forbids it, ask its administrator for consent.`,
  entry("callback.consent_elsewhere", TENANT_ADMIN, { service: MICROSOFT })`
    The consent was given for another organisation.
    The administrator belongs to another tenant than the one of this provider.
    Grant the consent again, signed in as an administrator of the provider's own tenant.
    Withdraw the other consent there if it was a mistake.`,
  entry("callback.device_code_expired", OWNER_SIGNS_IN, { service: MICROSOFT })`
    The code was not used in time.
    A code is valid for 15 minutes, and no one finished signing in with it.
    ${signIn`{Press} for a new code, and type it on the other device at once.`}`,
  entry("callback.device_code_declined", OWNER_SIGNS_IN, { service: MICROSOFT })`
    The sign-in was cancelled on the other device.
    Someone pressed Cancel there, or the organisation forbids signing in with a code.
    ${signIn`{Press} for a new code.`}
    If Conditional Access blocks device codes, sign in through the browser (delegated) instead.`,
  entry("callback.interrupted", REAUTH)`
    The sign-in was interrupted before its result was stored.
    The connection or Postkey itself stopped in the middle. Nothing was partly stored.
    ${AGAIN}`,
];
