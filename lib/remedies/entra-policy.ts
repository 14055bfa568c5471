import { DIRECTORY, MAILBOX } from "./commands";
import { entra, OWNER_SIGNS_IN, see, TENANT_ADMIN } from "./entry";
import { TENANT } from "./portal";
import { AGAIN, editAccount, signIn } from "./steps";

const FACTOR = see(OWNER_SIGNS_IN, TENANT.users);
const POLICY = see({ ...TENANT_ADMIN, isPolicy: true }, TENANT.policies, DIRECTORY.signInsOfApp);
const FIND_POLICY = "Find the sign-in in the Entra sign-in log. It names the policy.";
const EXCLUDE = "Have an administrator of the tenant exclude this application from the policy.";
const ALLOW =
  "Have an administrator of the tenant allow this application and the address of this server in it.";
const RENEWALS = "Renewals come from this server, not from a person's device.";

export const ENTRA_POLICY = [
  entra(["AADSTS50072", "AADSTS50079"], see(FACTOR, DIRECTORY.showMethods))`
    The person has to set up multi-factor authentication first.
    The tenant demands a second factor, and this account has none.
    ${signIn`{Press} and follow Microsoft's pages to the end.`}`,
  entra("AADSTS50074", see(FACTOR, DIRECTORY.showMethods))`
    The second factor was not confirmed.
    Microsoft asked for it, but no one answered in time or the answer was wrong.
    ${signIn`{Press} and confirm the second factor.`}`,
  entra(["AADSTS50076", "AADSTS50078"], see(FACTOR, DIRECTORY.showMethods))`
    Microsoft asks for the second factor.
    A policy or a new location requires it, or the last confirmation is too old. A renewal cannot answer such a question.
    ${signIn`{Press} and confirm the second factor.`}
    Exclude this account from the policy if it asks again and again.`,
  entra("AADSTS50158", see(FACTOR, TENANT.policies, DIRECTORY.signInsOfApp))`
    A check outside Microsoft was not completed.
    The tenant sends people through another service, such as a second factor of its own.
    ${signIn`{Press} and finish that check.`}`,
  entra("AADSTS50097", POLICY)`
    The tenant requires a device that it knows.
    Conditional Access asks for device authentication. ${RENEWALS}
    ${FIND_POLICY}
    ${EXCLUDE}
    ${AGAIN}`,
  entra("AADSTS50131", see(POLICY, TENANT.signIns))`
    A tenant policy refused this sign-in as suspicious.
    The state of the device, the place or the risk did not meet Conditional Access.
    ${FIND_POLICY}
    ${ALLOW}
    ${AGAIN}`,
  entra("AADSTS53000", POLICY)`
    The device does not meet the tenant's rules.
    A policy lets only compliant devices in. ${RENEWALS}
    ${EXCLUDE}
    ${AGAIN}`,
  entra("AADSTS53001", POLICY)`
    The device does not belong to the organisation.
    A policy lets only domain-joined devices in. ${RENEWALS}
    ${EXCLUDE}
    ${AGAIN}`,
  entra("AADSTS53002", POLICY)`
    A policy lets only approved apps in, and this one is not among them.
    The approved apps are Microsoft's own mobile apps. No server can be one of them.
    Have an administrator of the tenant exclude this application from the demand for an approved app.
    ${AGAIN}`,
  entra("AADSTS53003", POLICY)`
    A policy of the tenant blocks this sign-in.
    Conditional Access checks the person, the device, the risk and the place. ${RENEWALS}
    ${FIND_POLICY}
    ${ALLOW}
    ${AGAIN}`,
  entra("AADSTS530032", POLICY)`
    A security policy of the tenant blocks this sign-in.
    The tenant's administrators, or Microsoft for them, forbid it.
    ${FIND_POLICY}
    Have an administrator of the tenant review the policy for this application.
    ${AGAIN}`,
  entra("AADSTS530035", see(POLICY, MAILBOX.showPolicy))`
    Security defaults block this sign-in.
    The request looked like legacy authentication.
    ${editAccount`Check that Modern Authentication is on for the account.`}
    Replace security defaults with Conditional Access if the account needs an exception.`,
  entra("AADSTS53004", see(POLICY, TENANT.riskyUsers, DIRECTORY.showRisk))`
    The second factor cannot be set up because the account is at risk.
    Microsoft saw suspicious sign-ins, and blocks the setup until the risk is resolved.
    Have an administrator review the risk and dismiss it.
    ${AGAIN}`,
  entra("AADSTS53011", see(POLICY, TENANT.riskyUsers, DIRECTORY.showRisk))`
    The account is blocked because its own organisation sees a risk.
    Microsoft saw suspicious sign-ins of this person in the home tenant.
    Have an administrator of the home tenant review the risk and resolve it.
    ${AGAIN}`,
  entra("AADSTS500021", see(OWNER_SIGNS_IN, TENANT.crossTenant), { elsewhere: "network" })`
    The network of this sign-in does not allow access to this tenant.
    A proxy there allows sign-ins to certain tenants only.
    ${signIn`{Press}, and sign in from a network without that proxy.`}
    Or have this tenant added to the network's tenant restrictions.`,
  entra("AADSTS500212", see(POLICY, TENANT.crossTenant))`
    The account's own organisation does not allow access to this tenant.
    Its cross-tenant settings forbid it on the way out.
    Have an administrator of the account's tenant allow this one under outbound access.`,
  entra("AADSTS500213", see(POLICY, TENANT.crossTenant))`
    This tenant does not let accounts of that organisation in.
    Its cross-tenant settings forbid it on the way in.
    Have an administrator of this tenant allow that organisation under inbound access.`,
];
