import { listed } from "@/lib/kernel/text/schema";
import { words } from "@/lib/kernel/words";
import { findRemedy } from "@/lib/remedies/catalogue";
import { wayOf } from "../conclusion";
import type { ProtocolReport } from "../schema";
import type { ClosedFinding } from "./schema";

export type Compared = {
  /** Of the account that the application may open. */
  name: string;
  own: readonly ProtocolReport[];
  closed: readonly ProtocolReport[];
  /** Whether the token itself says that all mailboxes may be sent from: a permission in Entra has no scope. */
  sendsForAll: boolean;
};

/** A way proves something only where it opened the own mailbox in the same moment, and refused this one for its rights. */
export function conclude({ name, own, closed, sendsForAll }: Compared): ClosedFinding {
  const opened = closed.filter((report) => isOpen(report) && (sendsForAll || !isUnsure(report)));
  if (opened.length > 0) return { result: "open", reason: `Opened by ${waysOf(opened)}.` };
  const works = own.filter(isOpen);
  if (works.length === 0) return unproved(`${name}, which it may open, stayed closed as well.`);
  const compared = closed.filter((report) => works.some((each) => isSameWay(each, report)));
  const unclear = closed.filter(
    (report) => isUnknown(report) || (compared.includes(report) && isUnclear(report)),
  );
  if (unclear.length > 0) return unproved(`No clear refusal by ${waysOf(unclear)}.`);
  const denied = compared.filter(isDenied);
  if (denied.length === 0) return unproved("No way that it has was refused for a missing right.");
  const others = closed.filter((report) => !denied.includes(report));
  const rest = others.length > 0 ? ` Nothing was learned from ${waysOf(others)}.` : "";
  const reason = `Refused by ${waysOf(denied)}, which opened ${name} in the same moment.${rest}`;
  return { result: "closed", reason };
}

export const unproved = (reason: string): ClosedFinding => ({ result: "unproved", reason });

const isOpen = ({ verdict }: ProtocolReport) => verdict === "ok";

/** lib/mail/graph/probe.ts asks without a message, and may be refused for that before its rights are looked at. */
const isUnsure = ({ protocol, through }: ProtocolReport) =>
  protocol === "smtp" && through === "graph";

const isSameWay = (one: ProtocolReport, other: ProtocolReport) =>
  one.protocol === other.protocol && one.through === other.through;

/** A role that no token names counts for some mailboxes: elsewhere it is missing. */
const DENIALS: ReadonlySet<string> = new Set(
  words("mail.app_not_granted token.missing_role_smtp graph.read_denied graph.send_denied"),
);

/** Another code may come with the status that says that there is none. */
const isUnknown = ({ failure }: ProtocolReport) => /^404\b/.test(failure?.code ?? "");

const isDenied = ({ failure }: ProtocolReport) => DENIALS.has(failure?.remedyId ?? "");

/** It may pass, or came after the application was let in. What is off for this mailbox alone says nothing. */
function isUnclear(report: ProtocolReport): boolean {
  const failed = report.stages.find(({ status }) => status === "failed");
  const isLetIn = failed?.stage !== "authenticate";
  return !isDenied(report) && (isLetIn || report.failure?.retryable !== false);
}

const waysOf = (reports: readonly ProtocolReport[]) =>
  listed(
    reports.map((report) => {
      const { failure } = report;
      if (!failure || isDenied(report)) return wayOf(report);
      return `${wayOf(report)} (${findRemedy(failure.remedyId).title.replace(/\.$/, "")})`;
    }),
  );
