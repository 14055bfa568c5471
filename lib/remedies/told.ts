import { capital } from "@/lib/kernel/text/schema";
import {
  type Deed,
  type Entry,
  type HostsAt,
  mayUseGraph,
  type Remedy,
  type RemedyContext,
  type RepairButton,
  type RepairKind,
  type Step,
} from "./remedy";
import { buttonsFor, isOfRenewal } from "./repairs";

export type ShownAt = Pick<
  RemedyContext,
  "object" | "hostsAt" | "service" | "signInHost" | "once" | "companyAt"
> & {
  /** Its name there, if any. */
  command?: string;
};

type Told = Pick<Entry, "id" | "retry" | "steps">;

/** A step names only what is on the page: a button, a host's place, a command. */
export function tell(
  entry: Told,
  at: ShownAt,
): Pick<Remedy, "steps" | "taken" | "buttons" | "isWaitedFor"> {
  const { object, once } = at;
  const hostsAt = object?.hostsAt ?? at.hostsAt;
  const place = { ...at, service: serviceAt(at), hostsAt, isTested: isTested(entry, at) };
  const there = entry.steps.filter((step) => isThere(step, place));
  const taken = there.map((step) => kindsOf(step, place));
  const deeds = new Set(there.map(deedOf));
  const told = {
    kinds: there.toSorted(byNeed).flatMap((step) => kindsOf(step, place)),
    isOfHosts: deeds.has("hosts"),
    isOfMailbox: deeds.has("mailbox"),
    isSignIn: once === "sign_in",
  };
  const buttons = object && buttonsFor(entry, told, object);
  const words = { ...place, buttons: buttons ?? [] };
  const isPreset = entry.steps.some((step) => deedOf(step) === "hosts" && !there.includes(step));
  return {
    steps: [...there.map((step) => textOf(step, words)), ...(isPreset ? [PRESET] : [])],
    taken: isPreset ? [...taken, []] : taken,
    ...(buttons && { buttons }),
    ...(entry.retry === "yes" &&
      !once &&
      deedOf(there[0] ?? "") === "wait" && { isWaitedFor: true }),
  };
}

/** Undefined: unknown. */
export function serviceAt({ service, object }: Pick<RemedyContext, "service" | "object">) {
  return object?.service === undefined ? service : object.service;
}

type Place = Omit<ShownAt, "hostsAt" | "service"> & {
  hostsAt: HostsAt | undefined;
  service: string | null | undefined;
  isTested: boolean;
};

const PRESET =
  "The hosts of this service are preset, so there is nothing to change here. Find out what answers in their place.";

function deedOf(step: Step): Deed | undefined {
  return typeof step === "string" ? undefined : step.does;
}

function isThere(step: Step, { hostsAt = "account", command, service, object }: Place): boolean {
  if (typeof step === "string") return true;
  if (step.does === "hosts") return hostsAt !== "service";
  if (step.does === "passwords") return hostsAt === "account";
  if (step.does === "to_tokens") return service !== null;
  if (step.does === "send_by_graph" || step.does === "read_by_graph")
    return object !== undefined && mayUseGraph(object);
  return step.does !== "command" || command !== undefined || WITH_COMMAND.test(step.text);
}

const OR_WITH_COMMAND = /, or with \{command\},/;
const WITH_COMMAND = /, or with \{command\},|,? with \{command\}/;

/** The button of a command that is only one of two ways comes last. */
function byNeed(one: Step, other: Step): number {
  const isEither = (step: Step) => typeof step !== "string" && OR_WITH_COMMAND.test(step.text);
  return Number(isEither(one)) - Number(isEither(other));
}

/** A test renews the token first. */
function isTested(entry: Told, { object, once }: ShownAt): boolean {
  if (!object || once === "sign_in" || !isOfRenewal(entry)) return false;
  const { account, incident, failed, signIns = [] } = object;
  return Boolean(account || incident || failed || signIns.length > 0);
}

function kindsOf(step: Step, { hostsAt, isTested, once, command }: Place): RepairKind[] {
  const deed = deedOf(step);
  switch (deed) {
    case undefined:
    case "passwords":
    case "company_page":
      return [];
    case "again":
      return [isTested ? "test" : "sign_in"];
    case "wait":
      return once === "sign_in" ? ["sign_in"] : [];
    case "hosts":
      return [hostsAt === "provider" ? "edit_provider" : "edit_account"];
    case "mailbox":
    case "to_tokens":
      return ["edit_account"];
    case "command":
      return command === undefined ? [] : ["show_command"];
    default:
      return [deed];
  }
}

type Words = Place & { buttons: readonly RepairButton[] };

function textOf(step: Step, words: Words): string {
  const { signInHost = "the sign-in host of the provider's cloud" } = words;
  const text = wordsOf(step, words);
  // A function, because `$&` has a meaning in replacement texts.
  return text.replace("{signInHost}", () => signInHost);
}

function wordsOf(step: Step, words: Words): string {
  if (typeof step === "string") return step;
  const { does, text } = step;
  switch (does) {
    case "sign_in":
      return pressed(text, signInWay(words));
    case "again":
      return pressed(text, words.isTested ? testWay(words) : signInWay(words, " again"));
    case "test":
      return pressed(text, testWay(words));
    case "send_by_graph":
      return pressed(text, graphWay(does, "Set sending", words));
    case "read_by_graph":
      return pressed(text, graphWay(does, "Set reading", words));
    case "update_secret":
      return pressed(text, { words: `Press ${labelOf(does, words) ?? "Update Client Secret"}` });
    case "wait":
      if (words.once === undefined) return text;
      return words.once === "press"
        ? "Try again in a few minutes."
        : pressed(
            "{Press} in a few minutes. A sign-in is not repeated by itself.",
            signInWay(words, " again"),
          );
    case "hosts":
      return text.replace(
        "{there}",
        words.hostsAt === "provider" ? " under Hosts of the cloud provider" : " in the account",
      );
    case "command":
      return withCommand(text, words.command);
    case "company_page":
      return onCompanyPage(text, words.companyAt);
    default:
      return text;
  }
}

const ON_COMPANY_PAGE = "nder Settings → Company sign-in, open this sign-in, ";

function onCompanyPage(deed: string, at: ShownAt["companyAt"]): string {
  if (at === "its_page") return capital(deed);
  return `${at === "anyone" ? "Ask an administrator of Postkey: u" : "U"}${ON_COMPANY_PAGE}${deed}`;
}

function withCommand(text: string, command: string | undefined): string {
  return command === undefined
    ? text.replace(WITH_COMMAND, "")
    : text.replace("{command}", () => command);
}

type Way = { words: string; isOfMany?: boolean };

function signInWay({ buttons }: Words, again = ""): Way {
  const [way, another] = buttons.filter(({ kind }) => kind === "sign_in");
  if (!way) return { words: `Press Authenticate${again} at the cloud provider` };
  if (another) return { words: `Press the button of each mailbox${again}`, isOfMany: true };
  return "opens" in way.does
    ? { words: `Open the accounts, select them, choose Sign in${again}`, isOfMany: true }
    : { words: `Press ${way.label.endsWith(again) ? way.label : way.label + again}` };
}

function testWay(words: Words): Way {
  const label = labelOf("test", words);
  if (label === undefined) return { words: "Test the email account again" };
  return label === "Open the accounts"
    ? { words: "Open the accounts, select them and choose Test selected" }
    : { words: `Press ${label}` };
}

function graphWay(kind: RepairKind, ofMany: string, words: Words): Way {
  const label = labelOf(kind, words);
  return label === "Open the accounts"
    ? { words: `Open the accounts, select them and choose ${ofMany}` }
    : { words: `Press ${label}` };
}

function labelOf(kind: RepairKind, { buttons }: Words): string | undefined {
  return buttons.find((button) => button.kind === kind)?.label;
}

function pressed(text: string, { words, isOfMany = false }: Way): string {
  return text
    .replace(/\[([^[\]]*)\]/, isOfMany ? "" : "$1")
    .replace("{Press}", () => words)
    .replace("{press}", () => words.charAt(0).toLowerCase() + words.slice(1));
}
