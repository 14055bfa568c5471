import { APP, DIRECTORY, MAILBOX } from "./commands";
import {
  entra,
  OWNER_SIGNS_IN,
  OWNER_WAITS,
  PASSES,
  see,
  TENANT_ADMIN,
  TENANT_REAUTH,
} from "./entry";
import { ENTERPRISE, REGISTRATION, TENANT } from "./portal";
import { AGAIN, again, editProvider, ONE_GO, SIGN_IN_AGAIN, signIn, wait } from "./steps";

const ENDED = see(OWNER_SIGNS_IN, TENANT.users);
const INTERRUPTED = see(OWNER_SIGNS_IN, TENANT.signIns);
const OTHER_ACCOUNT = see(OWNER_SIGNS_IN, TENANT.users, DIRECTORY.showUser);
const LOCKED = { ...TENANT_ADMIN, ...PASSES };
const CHOOSE = signIn`{Press} and choose the account of the mailbox. A private window helps.`;
const CORRECT_TENANT = editProvider`If the account is right, correct the tenant id in the provider.`;

const REFRESH_TOKENS = "https://learn.microsoft.com/entra/identity-platform/refresh-tokens";
const WAITING = see(OWNER_WAITS, TENANT.signIns, DIRECTORY.signInsOfApp);
const PAGE = see(INTERRUPTED, DIRECTORY.signInsOfApp);
const AGENT = see(TENANT_ADMIN, TENANT.signIns);
const LOOK_AT_AGENTS =
  "Look at Pass-through authentication under Microsoft Entra Connect: an agent has to be active.";
const PASS_THROUGH =
  "https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-pass-through-authentication";

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
  entra("AADSTS50089", PAGE)`
    The sign-in page was left open for too long.
    Microsoft forgets a sign-in that is not finished within a few minutes.
    ${ONE_GO}`,
  entra("AADSTS501481", PAGE)`
    The answer belongs to another sign-in than the one you started.
    Two sign-ins ran at once, or an old page was used again.
    Close other sign-in pages.
    ${ONE_GO}`,
  entra("AADSTS900561", PAGE)`
    The sign-in was interrupted, most often by the browser's Back button.
    A Microsoft page was opened in a way that it does not accept.
    ${ONE_GO}`,
  entra("AADSTS50058", PAGE)`
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
  entra("AADSTS500121", see(OTHER_ACCOUNT, DIRECTORY.showMethods))`
    The second factor was declined, or not confirmed in time.
    Someone pressed No, or no one answered the notification.
    ${signIn`{Press} and confirm the second factor.`}
    If no one here started this sign-in, change the password of the account.`,
  entra("AADSTS50087", WAITING)`
    The second-factor service has a temporary fault.
    Microsoft could not send or check the second factor at the moment.
    ${wait`Wait some minutes.`}
    Or use another second factor.`,
  entra("AADSTS50088", WAITING)`
    Microsoft has stopped sending second factors to this phone for now.
    Too many calls or messages went to the number in a short time.
    ${wait`Wait an hour.`}
    Or use another second factor.`,
  entra("AADSTS50125", OTHER_ACCOUNT)`
    The sign-in was interrupted to register or reset the password.
    Microsoft asked the person to do that first.
    Finish it on Microsoft's pages.
    ${ONE_GO}`,
  entra("AADSTS50135", see(OTHER_ACCOUNT, DIRECTORY.showRisk))`
    The password has to be changed because the account is at risk.
    Microsoft saw a suspicious sign-in or a leaked password.
    Change the password at Microsoft.
    ${ONE_GO}`,
  entra("AADSTS50142", OTHER_ACCOUNT)`
    A policy demands a new password.
    Conditional Access requires a new password before anyone can use this account.
    Change the password at Microsoft.
    ${ONE_GO}`,
  entra("AADSTS50161", see(AGENT, TENANT.policies))`
    The tenant's own second-factor service gave an incomplete answer.
    Its answer lacked data that Microsoft requires.
    Ask the operator of that service to check its setup as an external authentication method.
    ${AGAIN}`,
  entra("AADSTS50166", WAITING)`
    The tenant's own second-factor service gets too many requests.
    Microsoft is slowing down requests to it for now.
    ${wait`Wait some minutes. Postkey retries automatically.`}`,
  entra("AADSTS50085", OTHER_ACCOUNT)`
    The account of the social network has to sign in again.
    The session at the other identity provider has ended.
    ${ONE_GO}`,
  entra("AADSTS700020", see(OTHER_ACCOUNT, DIRECTORY.signInsOfApp))`
    Microsoft needs an answer from the person who signs in.
    A renewal has no page where that person could answer.
    ${ONE_GO}`,
  entra("AADSTS50140", PAGE)`
    The sign-in stopped when Microsoft asked whether to stay signed in.
    The page was closed before the question was answered.
    ${ONE_GO}`,
  entra("AADSTS50143", PAGE)`
    The session in the browser belongs to another tenant.
    Someone switched accounts in the middle of the sign-in.
    Close other pages of Microsoft, or use a private window.
    ${ONE_GO}`,
  entra("AADSTS50199", PAGE)`
    Microsoft asks the person to confirm that this is the right application.
    For safety, the person has to confirm that they started the sign-in here.
    ${signIn`{Press}, and Continue on Microsoft's page.`}`,
  entra("AADSTS80001", see(AGENT, PASS_THROUGH))`
    No agent on premises can check the password.
    The tenant uses pass-through authentication, and its agents are off or unreachable.
    ${LOOK_AT_AGENTS}
    Start the agent's service on its server.
    ${AGAIN}`,
  entra("AADSTS80005", see(AGENT, PASS_THROUGH), { retry: "yes" })`
    An agent on premises gave an answer that Microsoft does not understand.
    The password check failed on the way, usually only for a moment.
    ${wait`Wait some minutes.`}
    ${LOOK_AT_AGENTS}`,
  entra("AADSTS80007", see(AGENT, PASS_THROUGH), { retry: "reauth" })`
    The directory on premises did not accept the password.
    The agent could not check it there: wrong password, or an account in trouble.
    ${signIn`{Press} and type the password that is valid on premises.`}
    Check that the account is neither locked nor expired there.`,
  entra("AADSTS80012", see(AGENT, PASS_THROUGH))`
    The account may not sign in at this hour.
    The directory on premises limits its logon hours.
    Allow the account all hours on premises.
    ${AGAIN}`,
  entra("AADSTS80013", see(AGENT, PASS_THROUGH))`
    The clocks on premises disagree.
    The agent's server and the domain controller are more than five minutes apart.
    Synchronise their clocks (NTP).
    ${AGAIN}`,
  entra("AADSTS80014", see(AGENT, PASS_THROUGH), { retry: "yes" })`
    The on-premises password check took longer than Microsoft waits.
    The agent or the domain controller is busy, or the network between them is slow.
    ${wait`Wait some minutes.`}
    ${LOOK_AT_AGENTS}`,
];
