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
  entra("AADSTS500121", see(PERSON, DIRECTORY.showMethods), {
    title: "The second factor was declined, or not confirmed in time.",
    cause: "Someone pressed No, or no one answered the notification.",
    steps: [
      signIn`{Press} and confirm the second factor.`,
      "If no one here started this sign-in, change the password of the account.",
    ],
  }),
  entra("AADSTS50087", WAITING, {
    title: "The second-factor service has a temporary fault.",
    cause: "Microsoft could not send or check the second factor at the moment.",
    steps: [wait`Wait some minutes.`, "Or use another second factor."],
  }),
  entra("AADSTS50088", WAITING, {
    title: "Microsoft has stopped sending second factors to this phone for now.",
    cause: "Too many calls or messages went to the number in a short time.",
    steps: [wait`Wait an hour.`, "Or use another second factor."],
  }),
  entra("AADSTS50125", PERSON, {
    title: "The sign-in was interrupted to register or reset the password.",
    cause: "Microsoft asked the person to do that first.",
    steps: ["Finish it on Microsoft's pages.", ONE_GO],
  }),
  entra("AADSTS50135", see(PERSON, DIRECTORY.showRisk), {
    title: "The password has to be changed because the account is at risk.",
    cause: "Microsoft saw a suspicious sign-in or a leaked password.",
    steps: ["Change the password at Microsoft.", ONE_GO],
  }),
  entra("AADSTS50142", PERSON, {
    title: "A policy demands a new password.",
    cause: "Conditional Access requires a new password before anyone can use this account.",
    steps: ["Change the password at Microsoft.", ONE_GO],
  }),
  entra("AADSTS50161", see(AGENT, TENANT.policies), {
    title: "The tenant's own second-factor service gave an incomplete answer.",
    cause: "Its answer lacked data that Microsoft requires.",
    steps: [
      "Ask the operator of that service to check its setup as an external authentication method.",
      AGAIN,
    ],
  }),
  entra("AADSTS50166", WAITING, {
    title: "The tenant's own second-factor service gets too many requests.",
    cause: "Microsoft is slowing down requests to it for now.",
    steps: [wait`Wait some minutes. Postkey retries automatically.`],
  }),
  entra("AADSTS50085", PERSON, {
    title: "The account of the social network has to sign in again.",
    cause: "The session at the other identity provider has ended.",
    steps: [ONE_GO],
  }),
  entra("AADSTS700020", see(PERSON, DIRECTORY.signInsOfApp), {
    title: "Microsoft needs an answer from the person who signs in.",
    cause: "A renewal has no page where that person could answer.",
    steps: [ONE_GO],
  }),
  entra("AADSTS50140", PAGE, {
    title: "The sign-in stopped when Microsoft asked whether to stay signed in.",
    cause: "The page was closed before the question was answered.",
    steps: [ONE_GO],
  }),
  entra("AADSTS50143", PAGE, {
    title: "The session in the browser belongs to another tenant.",
    cause: "Someone switched accounts in the middle of the sign-in.",
    steps: ["Close other pages of Microsoft, or use a private window.", ONE_GO],
  }),
  entra("AADSTS50199", PAGE, {
    title: "Microsoft asks the person to confirm that this is the right application.",
    cause: "For safety, the person has to confirm that they started the sign-in here.",
    steps: [signIn`{Press}, and Continue on Microsoft's page.`],
  }),
  entra("AADSTS80001", see(AGENT, PASS_THROUGH), {
    title: "No agent on premises can check the password.",
    cause: "The tenant uses pass-through authentication, and its agents are off or unreachable.",
    steps: [LOOK_AT_AGENTS, "Start the agent's service on its server.", AGAIN],
  }),
  entra("AADSTS80005", see(AGENT, PASS_THROUGH), {
    title: "An agent on premises gave an answer that Microsoft does not understand.",
    cause: "The password check failed on the way, usually only for a moment.",
    steps: [wait`Wait some minutes.`, LOOK_AT_AGENTS],
    retry: "yes",
  }),
  entra("AADSTS80007", see(AGENT, PASS_THROUGH), {
    title: "The directory on premises did not accept the password.",
    cause: "The agent could not check it there: wrong password, or an account in trouble.",
    steps: [
      signIn`{Press} and type the password that is valid on premises.`,
      "Check that the account is neither locked nor expired there.",
    ],
    retry: "reauth",
  }),
  entra("AADSTS80012", see(AGENT, PASS_THROUGH), {
    title: "The account may not sign in at this hour.",
    cause: "The directory on premises limits its logon hours.",
    steps: ["Allow the account all hours on premises.", AGAIN],
  }),
  entra("AADSTS80013", see(AGENT, PASS_THROUGH), {
    title: "The clocks on premises disagree.",
    cause: "The agent's server and the domain controller are more than five minutes apart.",
    steps: ["Synchronise their clocks (NTP).", AGAIN],
  }),
  entra("AADSTS80014", see(AGENT, PASS_THROUGH), {
    title: "The on-premises password check took longer than Microsoft waits.",
    cause: "The agent or the domain controller is busy, or the network between them is slow.",
    steps: [wait`Wait some minutes.`, LOOK_AT_AGENTS],
    retry: "yes",
  }),
];
