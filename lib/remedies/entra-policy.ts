import { DIRECTORY, MAILBOX } from "./commands";
import { entra, OWNER_SIGNS_IN } from "./entry";
import { TENANT } from "./portal";
import { AGAIN, editAccount, signIn } from "./steps";

const FACTOR = { ...OWNER_SIGNS_IN, link: TENANT.users } as const;
const POLICY = {
  who: "tenant_administrator",
  isPolicy: true,
  link: TENANT.policies,
  command: DIRECTORY.signInsOfApp,
} as const;
const FIND_POLICY = "Find the sign-in in the Entra sign-in log. It names the policy.";
const EXCLUDE = "Have an administrator of the tenant exclude this application from the policy.";
const ALLOW =
  "Have an administrator of the tenant allow this application and the address of this server in it.";
const RENEWALS = "Renewals come from this server, not from a person's device.";

export const ENTRA_POLICY = [
  entra(["AADSTS50072", "AADSTS50079"], FACTOR, {
    title: "The person has to set up multi-factor authentication first.",
    cause: "The tenant demands a second factor, and this account has none.",
    steps: [signIn`{Press} and follow Microsoft's pages to the end.`],
    command: DIRECTORY.showMethods,
  }),
  entra("AADSTS50074", FACTOR, {
    title: "The second factor was not confirmed.",
    cause: "Microsoft asked for it, but no one answered in time or the answer was wrong.",
    steps: [signIn`{Press} and confirm the second factor.`],
    command: DIRECTORY.showMethods,
  }),
  entra(["AADSTS50076", "AADSTS50078"], FACTOR, {
    title: "Microsoft asks for the second factor.",
    cause:
      "A policy or a new location requires it, or the last confirmation is too old. A renewal cannot answer such a question.",
    steps: [
      signIn`{Press} and confirm the second factor.`,
      "Exclude this account from the policy if it asks again and again.",
    ],
    command: DIRECTORY.showMethods,
  }),
  entra("AADSTS50158", FACTOR, {
    title: "A check outside Microsoft was not completed.",
    cause: "The tenant sends people through another service, such as a second factor of its own.",
    steps: [signIn`{Press} and finish that check.`],
    link: TENANT.policies,
    command: DIRECTORY.signInsOfApp,
  }),
  entra("AADSTS50097", POLICY, {
    title: "The tenant requires a device that it knows.",
    cause: `Conditional Access asks for device authentication. ${RENEWALS}`,
    steps: [FIND_POLICY, EXCLUDE, AGAIN],
  }),
  entra("AADSTS50131", POLICY, {
    title: "A tenant policy refused this sign-in as suspicious.",
    cause: "The state of the device, the place or the risk did not meet Conditional Access.",
    steps: [FIND_POLICY, ALLOW, AGAIN],
    link: TENANT.signIns,
  }),
  entra("AADSTS53000", POLICY, {
    title: "The device does not meet the tenant's rules.",
    cause: `A policy lets only compliant devices in. ${RENEWALS}`,
    steps: [EXCLUDE, AGAIN],
  }),
  entra("AADSTS53001", POLICY, {
    title: "The device does not belong to the organisation.",
    cause: `A policy lets only domain-joined devices in. ${RENEWALS}`,
    steps: [EXCLUDE, AGAIN],
  }),
  entra("AADSTS53002", POLICY, {
    title: "A policy lets only approved apps in, and this one is not among them.",
    cause: "The approved apps are Microsoft's own mobile apps. No server can be one of them.",
    steps: [
      "Have an administrator of the tenant exclude this application from the demand for an approved app.",
      AGAIN,
    ],
  }),
  entra("AADSTS53003", POLICY, {
    title: "A policy of the tenant blocks this sign-in.",
    cause: `Conditional Access checks the person, the device, the risk and the place. ${RENEWALS}`,
    steps: [FIND_POLICY, ALLOW, AGAIN],
  }),
  entra("AADSTS530032", POLICY, {
    title: "A security policy of the tenant blocks this sign-in.",
    cause: "The tenant's administrators, or Microsoft for them, forbid it.",
    steps: [
      FIND_POLICY,
      "Have an administrator of the tenant review the policy for this application.",
      AGAIN,
    ],
  }),
  entra("AADSTS530035", POLICY, {
    title: "Security defaults block this sign-in.",
    cause: "The request looked like legacy authentication.",
    steps: [
      editAccount`Check that Modern Authentication is on for the account.`,
      "Replace security defaults with Conditional Access if the account needs an exception.",
    ],
    command: MAILBOX.showPolicy,
  }),
  entra("AADSTS53004", POLICY, {
    title: "The second factor cannot be set up because the account is at risk.",
    cause: "Microsoft saw suspicious sign-ins, and blocks the setup until the risk is resolved.",
    steps: ["Have an administrator review the risk and dismiss it.", AGAIN],
    link: TENANT.riskyUsers,
    command: DIRECTORY.showRisk,
  }),
  entra("AADSTS53011", POLICY, {
    title: "The account is blocked because its own organisation sees a risk.",
    cause: "Microsoft saw suspicious sign-ins of this person in the home tenant.",
    steps: ["Have an administrator of the home tenant review the risk and resolve it.", AGAIN],
    link: TENANT.riskyUsers,
    command: DIRECTORY.showRisk,
  }),
  entra("AADSTS500021", OWNER_SIGNS_IN, {
    elsewhere: "network",
    title: "The network of this sign-in does not allow access to this tenant.",
    cause: "A proxy there allows sign-ins to certain tenants only.",
    steps: [
      signIn`{Press}, and sign in from a network without that proxy.`,
      "Or have this tenant added to the network's tenant restrictions.",
    ],
    link: TENANT.crossTenant,
  }),
  entra("AADSTS500212", POLICY, {
    title: "The account's own organisation does not allow access to this tenant.",
    cause: "Its cross-tenant settings forbid it on the way out.",
    steps: ["Have an administrator of the account's tenant allow this one under outbound access."],
    link: TENANT.crossTenant,
  }),
  entra("AADSTS500213", POLICY, {
    title: "This tenant does not let accounts of that organisation in.",
    cause: "Its cross-tenant settings forbid it on the way in.",
    steps: ["Have an administrator of this tenant allow that organisation under inbound access."],
    link: TENANT.crossTenant,
  }),
];
