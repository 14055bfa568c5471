import { DIRECTORY, MAILBOX } from "./commands";
import { entra, OWNER_SIGNS_IN, see, TENANT_ADMIN } from "./entry";
import { TENANT } from "./portal";
import { AGAIN, again, editAccount, editProvider, NO_PROXY, signIn } from "./steps";

const FACTOR = see(OWNER_SIGNS_IN, TENANT.users);
const POLICY = see({ ...TENANT_ADMIN, isPolicy: true }, TENANT.policies, DIRECTORY.signInsOfApp);
const FIND_POLICY = "Find the sign-in in the Entra sign-in log. It names the policy.";
const EXCLUDE = "Have an administrator of the tenant exclude this application from the policy.";
const ALLOW =
  "Have an administrator of the tenant allow this application and the address of this server in it.";
const RENEWALS = "Renewals come from this server, not from a person's device.";
/** Another device is let in. */
const OTHER_DEVICE = see({ ...OWNER_SIGNS_IN, elsewhere: "device" }, TENANT.signIns);
const EXCLUDE_ACCOUNT =
  "Have an administrator of the tenant exclude this application, or the account of the mailbox, from the policy.";
const OR_EXCLUDE = again`Or have an administrator of the tenant exclude this application, or the account of the mailbox, from the policy, and {press}.`;
const SERVER = "Renewals come from a server, which can never meet that policy.";
const CODE = see(OWNER_SIGNS_IN, TENANT.signIns);
const NEW_CODE = signIn`{Press} and enter the new code.`;

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
  entra("AADSTS530036", POLICY, {
    source:
      "https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows",
  })`
    The tenant no longer allows sign-ins that were made with a device code.
    A policy forbids that flow, and sign-ins made with it can no longer be renewed.
    ${editProvider`Choose sign-ins in the browser in the provider.`}
    ${signIn`Then {press}.`}
    Or exclude this application from the policy about authentication flows.`,
  entra("AADSTS530084", POLICY, {
    source:
      "https://learn.microsoft.com/entra/identity/conditional-access/concept-token-protection",
  })`
    The tenant allows only tokens that are bound to a device.
    A token protection policy applies to this application. ${SERVER}
    ${EXCLUDE_ACCOUNT}
    ${AGAIN}`,
  entra("AADSTS530003", POLICY)`
    A policy lets only managed devices in.
    Conditional Access asks for a device that the organisation manages. ${SERVER}
    ${EXCLUDE_ACCOUNT}
    ${AGAIN}`,
  entra(["AADSTS700003", "AADSTS135011"], OTHER_DEVICE)`
    The device of this sign-in is not enabled in the tenant.
    It was deleted or disabled in the directory, or never registered there.
    ${signIn`{Press}, and sign in on a device that the tenant knows.`}
    ${OR_EXCLUDE}`,
  entra("AADSTS53009", POLICY)`
    A policy asks for an app that Intune protects.
    Only some mobile apps can have such protection. ${SERVER}
    ${EXCLUDE_ACCOUNT}
    ${AGAIN}`,
  entra("AADSTS530021", POLICY)`
    A policy lets only approved client apps in.
    The approved ones are Microsoft's own mobile apps. ${SERVER}
    ${EXCLUDE_ACCOUNT}
    ${AGAIN}`,
  entra("AADSTS50005", POLICY)`
    A policy does not allow the platform of this sign-in.
    Conditional Access allows only some operating systems, and a server does not have one of them.
    ${EXCLUDE_ACCOUNT}
    ${AGAIN}`,
  entra("AADSTS50127", POLICY)`
    The tenant demands a broker app on the device.
    Microsoft Authenticator or Company Portal would have to vouch for it. ${SERVER}
    ${EXCLUDE_ACCOUNT}
    ${AGAIN}`,
  entra("AADSTS50129", OTHER_DEVICE)`
    The device is not joined to the organisation.
    A policy asks for a workplace-joined device.
    ${signIn`{Press}, and sign in on a device that is joined.`}
    ${OR_EXCLUDE}`,
  entra(["AADSTS50155", "AADSTS50187"], OTHER_DEVICE)`
    The device could not prove who it is.
    Its registration is damaged, or it did not send the data that a policy requires.
    ${signIn`{Press}, and sign in on another device.`}
    Or register this device again.
    ${OR_EXCLUDE}`,
  entra("AADSTS70016", CODE, { retry: "yes" })`
    No one has entered the device code yet.
    The sign-in on Microsoft's page for the code is not finished.
    Enter the code on Microsoft's page and sign in. Postkey keeps checking.`,
  entra(["AADSTS70018", "AADSTS70019", "AADSTS90120"], CODE)`
    The device code is no longer valid.
    It was mistyped, used already or declined on Microsoft's page, or its 15 minutes are over.
    ${NEW_CODE}`,
  entra(["AADSTS90119", "AADSTS90121"], CODE)`
    Microsoft received no device code.
    The field was empty, or something between Postkey and Microsoft emptied the request.
    ${NEW_CODE}
    ${NO_PROXY}`,
  entra("AADSTS50134", CODE)`
    The sign-in started in one data centre and ended in another.
    Microsoft moved it to a region where this code is not known.
    ${NEW_CODE}
    Or set the provider to sign-ins in the browser.`,
];
