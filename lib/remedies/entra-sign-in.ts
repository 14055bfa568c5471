import { APP, DIRECTORY, MAILBOX } from "./commands";
import { entra, OWNER_SIGNS_IN, PASSES, see, TENANT_ADMIN, TENANT_REAUTH } from "./entry";
import { ENTERPRISE, REGISTRATION, TENANT } from "./portal";
import { again, editProvider, ONE_GO, SIGN_IN_AGAIN, signIn, wait } from "./steps";

const ENDED = see(OWNER_SIGNS_IN, TENANT.users);
const INTERRUPTED = see(OWNER_SIGNS_IN, TENANT.signIns);
const OTHER_ACCOUNT = see(OWNER_SIGNS_IN, TENANT.users, DIRECTORY.showUser);
const LOCKED = { ...TENANT_ADMIN, ...PASSES };
const CHOOSE = signIn`{Press} and choose the account of the mailbox. A private window helps.`;
const CORRECT_TENANT = editProvider`If the account is right, correct the tenant id in the provider.`;

const REFRESH_TOKENS = "https://learn.microsoft.com/entra/identity-platform/refresh-tokens";

export const ENTRA_SIGN_IN = [
  entra("AADSTS700082", see(ENDED, DIRECTORY.showUser, REFRESH_TOKENS))`
    The sign-in has ended because it was not used for 90 days.
    Microsoft deletes a refresh token that goes unused for that long. Postkey was not running.
    ${signIn`{Press} and sign in. Postkey keeps the new one in use.`}`,
  entra("AADSTS70008", see(ENDED, DIRECTORY.showUser, REFRESH_TOKENS))`
    The sign-in has expired.
    The code was redeemed too late, or the refresh token was not used in time.
    ${SIGN_IN_AGAIN}`,
  entra("AADSTS50173", see(ENDED, DIRECTORY.showUser, REFRESH_TOKENS))`
    The sign-in was revoked.
    An administrator reset the password or signed the person out everywhere.
    ${SIGN_IN_AGAIN}`,
  entra(["AADSTS50132", "AADSTS50133"], see(ENDED, DIRECTORY.showUser))`
    The sign-in is no longer valid because the password was changed or expired.
    Microsoft ends sessions that are older than the password.
    ${signIn`{Press} and sign in with the new password.`}`,
  entra("AADSTS70000", see(ENDED, ENTERPRISE.consent, APP.showInTenant))`
    The sign-in does not belong to this application.
    The Application Id was changed, the permissions were withdrawn, or it is damaged.
    Check that the provider's Application Id was not changed.
    ${SIGN_IN_AGAIN}`,
  entra("AADSTS70043", see(TENANT_REAUTH, TENANT.policies, DIRECTORY.signInsOfApp))`
    The tenant's sign-in frequency has ended the session.
    A Conditional Access policy asks for a new sign-in after a set time.
    ${signIn`{Press} and sign in.`}
    Exclude this account or this application from the policy, or it will happen again.`,
  entra("AADSTS50089", see(INTERRUPTED, DIRECTORY.signInsOfApp))`
    The sign-in page was left open for too long.
    Microsoft forgets a sign-in that is not finished within a few minutes.
    ${ONE_GO}`,
  entra("AADSTS501481", see(INTERRUPTED, DIRECTORY.signInsOfApp))`
    The answer belongs to another sign-in than the one you started.
    Two sign-ins ran at once, or an old page was used again.
    Close other sign-in pages.
    ${ONE_GO}`,
  entra("AADSTS900561", see(INTERRUPTED, DIRECTORY.signInsOfApp))`
    The sign-in was interrupted, most often by the browser's Back button.
    A Microsoft page was opened in a way that it does not accept.
    ${ONE_GO}`,
  entra("AADSTS50058", see(INTERRUPTED, DIRECTORY.signInsOfApp))`
    No one is signed in at Microsoft in this browser.
    The request allowed no sign-in page, and the browser had no session.
    ${ONE_GO}
    Allow the cookies of Microsoft's sign-in pages.`,
  entra("AADSTS54005", see({ retry: "no" }, TENANT.signIns, DIRECTORY.signInsOfApp))`
    The sign-in was completed twice.
    The page was reloaded. Only the first time counts.
    Check whether the account is already connected.
    ${again`If it is not, {press}.`}`,
  entra("AADSTS50020", OTHER_ACCOUNT)`
    This account does not belong to the tenant.
    The browser was signed in with another account, or the provider has the wrong tenant.
    ${CHOOSE}
    ${CORRECT_TENANT}`,
  entra(["AADSTS50034", "AADSTS51004", "AADSTS500341"], OTHER_ACCOUNT)`
    The tenant has no account with this address.
    The address is mistyped, was renamed or deleted, or belongs to another tenant.
    Check the address that was typed at the sign-in.
    ${CHOOSE}
    ${CORRECT_TENANT}`,
  entra("AADSTS16000", OTHER_ACCOUNT)`
    An account has to be chosen, or this one does not exist in the tenant.
    The browser knows several accounts, and Microsoft could not choose one of them.
    ${CHOOSE}
    ${CORRECT_TENANT}`,
  entra("AADSTS90072", OTHER_ACCOUNT)`
    The tenant does not know this account.
    It comes from another organisation and was never invited here.
    ${CHOOSE}
    Or use a provider of the organisation that the account belongs to.`,
  entra(["AADSTS50057", "AADSTS500571"], see(TENANT_ADMIN, TENANT.users, MAILBOX.showRights))`
    The account is disabled.
    Shared mailboxes and accounts of people who left cannot sign in themselves.
    If it is a person's account, enable it in the Microsoft 365 admin center.
    If it is a shared mailbox, sign in as someone with Full Access to it.
    ${again`Once it is enabled, {press}.`}`,
  entra("AADSTS50053", see(LOCKED, TENANT.signIns, DIRECTORY.signInsOfApp))`
    The account is locked at the moment.
    There were too many failed sign-ins, or they came from an address that Microsoft distrusts.
    ${wait`Wait half an hour.`}
    Look at the sign-in log to see where the failures come from.`,
  entra("AADSTS50055", OTHER_ACCOUNT)`
    The password of the account has expired.
    The tenant demands a new one from time to time.
    Change the password at Microsoft.
    ${signIn`{Press} and sign in with the new one.`}`,
  entra("AADSTS50126", OTHER_ACCOUNT)`
    The user name or the password was wrong.
    Microsoft refused what was typed on its page. Postkey never sees it.
    ${signIn`{Press} and type the password of the mailbox's account.`}
    Reset the password if no one knows it.`,
  entra("AADSTS50144", OTHER_ACCOUNT, { who: "tenant_administrator" })`
    The password in the organisation's own directory has expired.
    The account comes from a directory on premises, where its password has expired.
    Reset the password on premises.
    ${signIn`{Press} and sign in with the new one.`}`,
  entra("AADSTS50196", see(PASSES, REGISTRATION.overview, DIRECTORY.signInsOfApp))`
    Microsoft received the same request too often.
    Something asked for tokens in a loop, perhaps another program with this application.
    ${wait`Wait ten minutes. Postkey retries automatically, more slowly.`}
    Find out whether another program uses the same application id.`,
];
