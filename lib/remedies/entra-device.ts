import { DIRECTORY } from "./commands";
import { entra, OWNER_SIGNS_IN, see, TENANT_ADMIN } from "./entry";
import { TENANT } from "./portal";
import { AGAIN, again, editProvider, NO_PROXY, signIn } from "./steps";

const NO_DEVICE = see({ ...TENANT_ADMIN, isPolicy: true }, TENANT.policies, DIRECTORY.signInsOfApp);
/** Another device is let in. */
const OTHER_DEVICE = see({ ...OWNER_SIGNS_IN, elsewhere: "device" }, TENANT.signIns);
const EXCLUDE =
  "Have an administrator of the tenant exclude this application, or the account of the mailbox, from the policy.";
const OR_EXCLUDE = again`Or have an administrator of the tenant exclude this application, or the account of the mailbox, from the policy, and {press}.`;
const SERVER = "Renewals come from a server, which can never meet that policy.";
const CODE = see(OWNER_SIGNS_IN, TENANT.signIns);
const NEW_CODE = signIn`{Press} and enter the new code.`;

export const ENTRA_DEVICE = [
  entra("AADSTS530036", NO_DEVICE, {
    source:
      "https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows",
  })`
    The tenant no longer allows sign-ins that were made with a device code.
    A policy forbids that flow, and sign-ins made with it can no longer be renewed.
    ${editProvider`Choose sign-ins in the browser in the provider.`}
    ${signIn`Then {press}.`}
    Or exclude this application from the policy about authentication flows.`,
  entra("AADSTS530084", NO_DEVICE, {
    source:
      "https://learn.microsoft.com/entra/identity/conditional-access/concept-token-protection",
  })`
    The tenant allows only tokens that are bound to a device.
    A token protection policy applies to this application. ${SERVER}
    ${EXCLUDE}
    ${AGAIN}`,
  entra("AADSTS530003", NO_DEVICE)`
    A policy lets only managed devices in.
    Conditional Access asks for a device that the organisation manages. ${SERVER}
    ${EXCLUDE}
    ${AGAIN}`,
  entra(["AADSTS700003", "AADSTS135011"], OTHER_DEVICE)`
    The device of this sign-in is not enabled in the tenant.
    It was deleted or disabled in the directory, or never registered there.
    ${signIn`{Press}, and sign in on a device that the tenant knows.`}
    ${OR_EXCLUDE}`,
  entra("AADSTS53009", NO_DEVICE)`
    A policy asks for an app that Intune protects.
    Only some mobile apps can have such protection. ${SERVER}
    ${EXCLUDE}
    ${AGAIN}`,
  entra("AADSTS530021", NO_DEVICE)`
    A policy lets only approved client apps in.
    The approved ones are Microsoft's own mobile apps. ${SERVER}
    ${EXCLUDE}
    ${AGAIN}`,
  entra("AADSTS50005", NO_DEVICE)`
    A policy does not allow the platform of this sign-in.
    Conditional Access allows only some operating systems, and a server does not have one of them.
    ${EXCLUDE}
    ${AGAIN}`,
  entra("AADSTS50127", NO_DEVICE)`
    The tenant demands a broker app on the device.
    Microsoft Authenticator or Company Portal would have to vouch for it. ${SERVER}
    ${EXCLUDE}
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
