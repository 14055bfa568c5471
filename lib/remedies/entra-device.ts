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
    title: "The tenant no longer allows sign-ins that were made with a device code.",
    cause: "A policy forbids that flow, and sign-ins made with it can no longer be renewed.",
    steps: [
      editProvider`Choose sign-ins in the browser in the provider.`,
      signIn`Then {press}.`,
      "Or exclude this application from the policy about authentication flows.",
    ],
    source:
      "https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows",
  }),
  entra("AADSTS530084", NO_DEVICE, {
    title: "The tenant allows only tokens that are bound to a device.",
    cause: `A token protection policy applies to this application. ${SERVER}`,
    steps: [EXCLUDE, AGAIN],
    source:
      "https://learn.microsoft.com/entra/identity/conditional-access/concept-token-protection",
  }),
  entra("AADSTS530003", NO_DEVICE, {
    title: "A policy lets only managed devices in.",
    cause: `Conditional Access asks for a device that the organisation manages. ${SERVER}`,
    steps: [EXCLUDE, AGAIN],
  }),
  entra(["AADSTS700003", "AADSTS135011"], OTHER_DEVICE, {
    title: "The device of this sign-in is not enabled in the tenant.",
    cause: "It was deleted or disabled in the directory, or never registered there.",
    steps: [signIn`{Press}, and sign in on a device that the tenant knows.`, OR_EXCLUDE],
  }),
  entra("AADSTS53009", NO_DEVICE, {
    title: "A policy asks for an app that Intune protects.",
    cause: `Only some mobile apps can have such protection. ${SERVER}`,
    steps: [EXCLUDE, AGAIN],
  }),
  entra("AADSTS530021", NO_DEVICE, {
    title: "A policy lets only approved client apps in.",
    cause: `The approved ones are Microsoft's own mobile apps. ${SERVER}`,
    steps: [EXCLUDE, AGAIN],
  }),
  entra("AADSTS50005", NO_DEVICE, {
    title: "A policy does not allow the platform of this sign-in.",
    cause:
      "Conditional Access allows only some operating systems, and a server does not have one of them.",
    steps: [EXCLUDE, AGAIN],
  }),
  entra("AADSTS50127", NO_DEVICE, {
    title: "The tenant demands a broker app on the device.",
    cause: `Microsoft Authenticator or Company Portal would have to vouch for it. ${SERVER}`,
    steps: [EXCLUDE, AGAIN],
  }),
  entra("AADSTS50129", OTHER_DEVICE, {
    title: "The device is not joined to the organisation.",
    cause: "A policy asks for a workplace-joined device.",
    steps: [signIn`{Press}, and sign in on a device that is joined.`, OR_EXCLUDE],
  }),
  entra(["AADSTS50155", "AADSTS50187"], OTHER_DEVICE, {
    title: "The device could not prove who it is.",
    cause: "Its registration is damaged, or it did not send the data that a policy requires.",
    steps: [
      signIn`{Press}, and sign in on another device.`,
      "Or register this device again.",
      OR_EXCLUDE,
    ],
  }),
  entra("AADSTS70016", CODE, {
    title: "No one has entered the device code yet.",
    cause: "The sign-in on Microsoft's page for the code is not finished.",
    steps: ["Enter the code on Microsoft's page and sign in. Postkey keeps checking."],
    retry: "yes",
  }),
  entra(["AADSTS70018", "AADSTS70019", "AADSTS90120"], CODE, {
    title: "The device code is no longer valid.",
    cause:
      "It was mistyped, used already or declined on Microsoft's page, or its 15 minutes are over.",
    steps: [NEW_CODE],
  }),
  entra(["AADSTS90119", "AADSTS90121"], CODE, {
    title: "Microsoft received no device code.",
    cause: "The field was empty, or something between Postkey and Microsoft emptied the request.",
    steps: [NEW_CODE, NO_PROXY],
  }),
  entra("AADSTS50134", CODE, {
    title: "The sign-in started in one data centre and ended in another.",
    cause: "Microsoft moved it to a region where this code is not known.",
    steps: [NEW_CODE, "Or set the provider to sign-ins in the browser."],
  }),
];
