import { PROTOCOL_NAMES, PROTOCOLS } from "@/lib/egress/protocols/schema";
import { capital } from "@/lib/kernel/text/schema";
import type { Verdict } from "@/lib/mail/schema";
import { titleAt } from "@/lib/remedies/host-title";
import type { Remedy } from "@/lib/remedies/remedy";
import type { ExplainedProtocol } from "./schema";

export type Conclusion = {
  text: string;
  /** One for each cause, the widest first. */
  steps: NextStep[];
};

export type NextStep = Pick<
  Remedy,
  "who" | "isWaitedFor" | "command" | "buttons" | "steps" | "taken"
> & { remedyId: string; title: string; step: string };

/** The widest cause, and what still works. */
export function conclude(protocols: readonly ExplainedProtocol[]): Conclusion {
  const of = (verdict: ExplainedProtocol["verdict"]) =>
    inOrder(protocols)
      .filter((report) => report.verdict === verdict && !isNotNeeded(report))
      .map(wayOf);
  const [works, aborted, skipped] = [of("ok"), of("aborted"), of("skipped")];
  const causes = causesOf(protocols);
  const [widest, ...others] = causes;
  if (aborted.length > 0)
    return { text: sentences("The test was stopped", working(works)), steps: [] };
  if (!widest)
    return {
      text: sentences(working(works), without(skipped)) || "Nothing was tested.",
      steps: [],
    };
  const clauses = [alike(widest), also(others), working(works)].filter(Boolean).join("; ");
  const isAll = others.length === 0 && works.length === 0;
  return {
    text: `${headline(widest, isAll)} ${sentences(clauses, without(skipped))}`.trim(),
    steps: causes.flatMap(nextStep),
  };
}

/** Whether a missing claim may be the cause. */
export function isOfToken(protocols: readonly ExplainedProtocol[]): boolean {
  return protocols.some(({ verdict, remedy }) => {
    if (verdict !== "failed" || !remedy) return false;
    return remedy.id.startsWith("token.") || remedy.credential === "xoauth2";
  });
}

const isNotNeeded = ({ verdict, through }: ExplainedProtocol) => verdict === "skipped" && through;

const WAYS = {
  imap: "reading through Microsoft Graph",
  smtp: "sending through Microsoft Graph",
  pop3: PROTOCOL_NAMES.pop3,
} as const;

/** What a report is about, in words. */
export function wayOf({ protocol, through }: Pick<ExplainedProtocol, "protocol" | "through">) {
  return through ? WAYS[protocol] : PROTOCOL_NAMES[protocol];
}

function inOrder(protocols: readonly ExplainedProtocol[]): ExplainedProtocol[] {
  return PROTOCOLS.flatMap((each) => protocols.find(({ protocol }) => protocol === each) ?? []);
}

type Cause = {
  protocols: string[];
  /** Another entry names the same reason. */
  alike: string[];
  remedy: Remedy;
  hosts: string[];
  isPassing: boolean;
};

/** Of two as wide, the one that does not pass by itself. */
function causesOf(protocols: readonly ExplainedProtocol[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const report of inOrder(protocols)) {
    if (report.verdict !== "failed" || !report.remedy) continue;
    const { remedy, failure } = report;
    const reason = remedy.reason ?? remedy.id;
    const isPassing = failure?.retryable ?? false;
    const cause = causes.get(reason) ?? { protocols: [], alike: [], remedy, hosts: [], isPassing };
    const isSame = remedy.id === cause.remedy.id;
    (isSame ? cause.protocols : cause.alike).push(wayOf(report));
    const host = testedAt(report).host;
    if (isSame && host !== undefined) cause.hosts.push(host);
    causes.set(reason, cause);
  }
  return [...causes.values()].sort(
    (a, b) => widthOf(b) - widthOf(a) || Number(a.isPassing) - Number(b.isPassing),
  );
}

/** Unknown in reports of earlier versions. */
export function testedAt({ stages }: Pick<ExplainedProtocol, "stages">) {
  const { host, port } = stages.find(({ stage }) => stage === "resolve")?.facts ?? {};
  return { ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
}

function widthOf({ protocols, alike: others }: Cause): number {
  return protocols.length + others.length;
}

/** Protocols in front, unless it names them. */
function headline({ protocols, remedy, hosts }: Cause, isAll: boolean): string {
  const title = titleAt(remedy, hosts);
  const isNamed = protocols.length === 1 && protocols.every((name) => title.includes(byWhat(name)));
  return isAll || isNamed ? title : `${capital(listed(protocols))}: ${title}`;
}

const byWhat = (way: string) => way.replace(/^.* through /, "");

function nextStep(cause: Cause): NextStep[] {
  const { id: remedyId, steps, taken, who, isWaitedFor, command, buttons } = cause.remedy;
  const [step] = steps;
  if (step === undefined) return [];
  const title = headline(cause, false);
  const isOfStep = command && taken?.[0]?.includes("show_command");
  const told = { steps, ...(taken && { taken }), ...(buttons && { buttons }) };
  const waits = isWaitedFor && { isWaitedFor };
  return [{ remedyId, title, step, who, ...waits, ...told, ...(isOfStep && { command }) }];
}

function alike({ alike: others }: Cause): string {
  return failing(others, "for the same reason");
}

function also(causes: Cause[]): string {
  const names = causes.flatMap((cause) => [...cause.protocols, ...cause.alike]);
  return failing(names, causes.length === 1 ? "for another reason" : "for other reasons");
}

function failing(names: string[], why: string): string {
  return said(names, `does not work either, ${why}`, `do not work either, ${why}`);
}

function working(names: string[]): string {
  return said(names, "works", "work");
}

/** “No IMAP or POP3 server” */
export function without(names: readonly string[]): string {
  const either = new Intl.ListFormat("en-GB", { type: "disjunction" });
  return names.length === 0 ? "" : `No ${either.format(names)} server`;
}

function said(names: string[], ofOne: string, ofMany: string): string {
  if (names.length === 0) return "";
  return `${listed(names)} ${names.length === 1 ? ofOne : ofMany}`;
}

function listed(names: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(names);
}

function sentences(...clauses: string[]): string {
  return clauses
    .filter(Boolean)
    .map((clause) => `${capital(clause)}.`)
    .join(" ");
}

/** Without a server nothing can fail. */
export function isFine(verdict: Verdict): boolean {
  return verdict === "ok" || verdict === "skipped";
}
