import { DIRECTORY } from "./commands";
import { entra, OWNER_SIGNS_IN, OWNER_WAITS, see, TENANT_ADMIN } from "./entry";
import { TENANT } from "./portal";
import { AGAIN, ONE_GO, signIn, wait } from "./steps";

const PERSON = see(OWNER_SIGNS_IN, TENANT.users, DIRECTORY.showUser);
const WAITING = see(OWNER_WAITS, TENANT.signIns, DIRECTORY.signInsOfApp);
const PAGE = see(OWNER_SIGNS_IN, TENANT.signIns, DIRECTORY.signInsOfApp);
const AGENT = see(TENANT_ADMIN, TENANT.signIns);
const LOOK_AT_AGENTS =
  "Look at Pass-through authentication under Microsoft Entra Connect: an agent has to be active.";
const PASS_THROUGH =
  "https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-pass-through-authentication";

export const ENTRA_PERSON = [
  entra("AADSTS500121", see(PERSON, DIRECTORY.showMethods))`
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
  entra("AADSTS50125", PERSON)`
    The sign-in was interrupted to register or reset the password.
    Microsoft asked the person to do that first.
    Finish it on Microsoft's pages.
    ${ONE_GO}`,
  entra("AADSTS50135", see(PERSON, DIRECTORY.showRisk))`
    The password has to be changed because the account is at risk.
    Microsoft saw a suspicious sign-in or a leaked password.
    Change the password at Microsoft.
    ${ONE_GO}`,
  entra("AADSTS50142", PERSON)`
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
  entra("AADSTS50085", PERSON)`
    The account of the social network has to sign in again.
    The session at the other identity provider has ended.
    ${ONE_GO}`,
  entra("AADSTS700020", see(PERSON, DIRECTORY.signInsOfApp))`
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
