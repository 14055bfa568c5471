import { withHostPlace } from "./host-place";
import type { Remedy, RepairButton, RepairKind, RepairObject, StepsTaken } from "./remedy";
import { signInHelps } from "./sign-in-helps";

type Told = Pick<Remedy, "id" | "retry" | "steps">;

/**
 * The steps of a remedy for what it is about, in the words of the buttons that are really there, and by which of
 * them each is taken.
 */
export function stepsWithLabels(
  remedy: Told,
  object: RepairObject,
  buttons: readonly RepairButton[],
): { steps: string[]; taken: StepsTaken } {
  const steps = stepsFor(remedy, object);
  return { steps: withLabels(steps, buttons), taken: steps.map(kindsToldBy) };
}

/**
 * Its hosts are named where they really are. Where signing in again does not help, whether the cause is gone is
 * found out by a test: it renews the token before anything else.
 */
export function stepsFor(remedy: Told, object: RepairObject): readonly string[] {
  const steps = withHostPlace(remedy.steps, object.hostsAt);
  const way = isOfRenewal(remedy) ? testText(object) : undefined;
  return way === undefined
    ? steps
    : steps.map((step) => step.replace(AGAIN, (_, p) => (p === "P" ? capital(way) : way)));
}

/** Whether a renewal shows that it is mended, and no person has to sign in for that. */
export function isOfRenewal({ id, retry }: Pick<Remedy, "id" | "retry">): boolean {
  return !signInHelps({ retry }) && OF_PLATFORM.test(id);
}

const OF_PLATFORM = /^(?:AADSTS|google\.|postkey\.)/;
const AGAIN = /\b([Pp])ress Authenticate again\b/;
/** At a provider, the people whose sign-in fails have accounts that can be tested. */
const TEST_OF_SEVERAL = "open the accounts, select them and choose Test selected";

function testText({ account, incident, failed, signIns = [] }: RepairObject): string | undefined {
  if (account || incident || failed) return "press Test again";
  return signIns.length > 0 ? TEST_OF_SEVERAL : undefined;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function withLabels(steps: readonly string[], buttons: readonly RepairButton[]): string[] {
  const [way, another] = buttons.filter(({ kind }) => kind === "sign_in");
  if (!way) return [...steps];
  const told = another ? { ...way, label: "the button of each mailbox" } : way;
  const isOfMany = another !== undefined || "opens" in way.does;
  return steps.map((step) => {
    const named = step.replace(AUTHENTICATE, wayText(told));
    return isOfMany ? named.replace(OF_ONE, "with each user name that is listed") : named;
  });
}

const AUTHENTICATE = /\b([Pp])ress Authenticate\b/;
const OF_ONE = /\bwith the account's user name\b/;

// As a function: in a text that replaces, `$&` could mean something.
function wayText({ label, does }: RepairButton): (found: string, p: string) => string {
  if ("opens" in does)
    return (_, p) => `${p === "P" ? "Open" : "open"} the accounts, select them, choose Sign in`;
  return (_, p) => `${p}ress ${label}`;
}

/** Steps that name "Test again" only where there is such a button: what it does can be done at the account, too. */
export function withoutTestButton(
  steps: readonly string[],
  buttons: readonly RepairButton[],
): readonly string[] {
  if (buttons.some(({ kind }) => kind === "test")) return steps;
  return steps.map((step) =>
    step.replace(TEST_AGAIN, (_, p) => `${p === "P" ? "Test" : "test"} the email account again`),
  );
}

const TEST_AGAIN = /\b([Pp])ress Test again\b/;

/** What a step tells to do, by the word on the button. */
const TOLD_BY: readonly (readonly [RegExp, RepairKind])[] = [
  [/\bUpdate Client Secret\b/, "update_secret"],
  [/\bGenerate certificate\b/, "generate_certificate"],
  [/\b[Pp]ress Authenticate\b|\bConnect (?:again|at the provider)\b/, "sign_in"],
  [
    /\b(?:in|into|of) the (?:cloud )?provider\b|(?<!sign-in host of )the provider's (?:cloud|account)\b/,
    "edit_provider",
  ],
  [
    /\b(?:in|Edit|on for) the account\b|\b(?:Username|Mailbox) of the account\b|\bas Username\b/,
    "edit_account",
  ],
  [/\bcommand below\b/, "copy_command"],
  [/\b[Pp]ress Test again\b|\bchoose Test selected\b/, "test"],
];

/** The kinds of button that a step tells to press. */
export function kindsToldBy(step: string): RepairKind[] {
  return TOLD_BY.flatMap(([words, kind]) => (words.test(step) ? [kind] : []));
}
