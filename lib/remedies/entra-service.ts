import type { EntraRow } from "./entra-row";
import { TENANT } from "./portal";
import { again, wait } from "./steps";

const PASSING = { who: "postkey_administrator", retry: "yes" } as const;
const WAIT = wait`Wait. Postkey retries automatically, and the mailboxes stay signed in.`;
const HEALTH = "If it continues, look at the service health page of Microsoft 365.";

/** Faults on Microsoft's side, which pass by themselves. */
export const ENTRA_SERVICE: readonly EntraRow[] = [
  {
    ...PASSING,
    codes: ["AADSTS90055"],
    title: "Microsoft asks to slow down.",
    cause: "There were too many requests for this tenant in a short time.",
    steps: [WAIT, "Find out which other programs ask for tokens in this tenant if it lasts."],
  },
  {
    ...PASSING,
    codes: ["AADSTS50033", "AADSTS90024"],
    title: "The identity platform has a temporary fault.",
    cause: "Something inside Microsoft's sign-in service failed for a moment.",
    steps: [WAIT, HEALTH],
  },
  {
    ...PASSING,
    codes: ["AADSTS90006"],
    title: "The identity platform has a fault of its own.",
    cause: "Microsoft answered that it is busy or broken at the moment.",
    steps: [WAIT, HEALTH],
  },
  {
    ...PASSING,
    codes: ["AADSTS90012"],
    title: "The identity platform took too long to respond.",
    cause: "A part of Microsoft's sign-in service did not respond to another one in time.",
    steps: [WAIT, HEALTH],
  },
  {
    ...PASSING,
    codes: ["AADSTS90033", "AADSTS90090"],
    title: "Microsoft's directory is out of reach at the moment.",
    cause: "The sign-in service could not look the account or the application up.",
    steps: [WAIT, HEALTH],
  },
  {
    ...PASSING,
    codes: ["AADSTS70012"],
    title: "Microsoft could not sign the personal account in just now.",
    cause: "The service for personal accounts has a temporary fault.",
    steps: [WAIT, HEALTH],
  },
  {
    ...PASSING,
    codes: ["AADSTS80002"],
    title: "The on-premises password check took too long.",
    cause:
      "The tenant's pass-through agents or its directory did not respond to Microsoft in time.",
    steps: [
      again`{Press} in some minutes.`,
      "Have an administrator look at the pass-through authentication agents.",
    ],
    who: "tenant_administrator",
    link: TENANT.signIns,
  },
  {
    ...PASSING,
    codes: ["AADSTS50000"],
    title: "Microsoft could not issue the token because of a fault of its own.",
    cause: "The part of the service that issues tokens failed.",
    steps: [WAIT, "If it continues, give Microsoft's support the trace id shown with the error."],
  },
];
