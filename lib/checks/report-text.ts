import { capital } from "@/lib/kernel/text/schema";
import { conclude, wayOf, without } from "./conclusion";
import type { Comparison, ExplainedProtocol, FullReport, StageReport } from "./schema";
import { STAGE_LABELS } from "./stage-labels";

/** A report as a colleague reads it in a message: plain text, no secrets. */
export function reportText(report: FullReport): string {
  const { name, emailAddress, startedAt, protocols, token, comparison } = report;
  const { text, steps } = conclude(protocols);
  const isoSeconds = startedAt.toISOString().replace("T", " ").slice(0, 19);
  return [
    `Connection test of ${name} (${emailAddress}), ${isoSeconds} UTC`,
    text,
    ...steps.flatMap(({ step, remedyId, command }) => [
      `Next: ${step} [${remedyId}]`,
      ...indented(command?.text),
    ]),
    ...protocols.flatMap(protocolText),
    ...(token.length > 0 ? ["", "Token"] : []),
    ...token.map(({ what, needs, has, isMet }) =>
      isMet ? `  ok       ${what}: ${has}` : `  MISSING  ${what}: needs ${needs}, has ${has}`,
    ),
    ...comparisonText(comparison),
  ].join("\n");
}

function protocolText(report: ExplainedProtocol): string[] {
  const { verdict, through, totalMs, user, stages, remedy, failure, transcript } = report;
  if (verdict === "skipped" && through) return [];
  if (verdict === "skipped") return ["", without([wayOf(report)])];
  const as = user === undefined ? "" : `, signed in as ${user}`;
  return [
    "",
    `${capital(wayOf(report))}: ${verdict}${as}, ${formatMs(totalMs)}`,
    ...stages.map(stageText),
    ...(remedy ? [`  ${remedy.title} [${remedy.id}]`] : []),
    ...(failure?.serverText ? [`  The server said: ${failure.serverText}`] : []),
    ...(transcript ?? []).map(
      ({ by, ms, text }) => `  ${String(ms).padStart(6)} ms  ${SPEAKERS[by]}  ${text}`,
    ),
  ];
}

function stageText({ stage, status, durationMs, detail }: StageReport): string {
  const time = status === "skipped" ? "" : `, ${formatMs(durationMs)}`;
  return `  ${status.padEnd(7)}  ${STAGE_LABELS[stage]}${time}${detail ? `, ${detail}` : ""}`;
}

function comparisonText(comparison: Comparison | null): string[] {
  if (!comparison) return [];
  const { goodAt, differences } = comparison;
  const heading = `Compared with the last successful test of ${goodAt.toISOString().slice(0, 16)}Z`;
  if (differences.length === 0) return ["", `${heading}: no difference`];
  return [
    "",
    heading,
    ...differences.map(({ what, before, now }) => `  ${what}: ${before} before, ${now} now`),
  ];
}

/** The server's words, and before them the code where they lack it. */
export function serverSaid({ failure }: Pick<ExplainedProtocol, "failure">): string | undefined {
  const { code = "", serverText: said = "" } = failure ?? {};
  const isInIt = said.toLowerCase().includes(code.toLowerCase());
  return (isInIt ? said : `${code} ${said}`).trim() || undefined;
}

export const SPEAKERS = { client: "C:", server: "S:", postkey: "--" } as const;

export function formatMs(durationMs: number): string {
  return `${Math.round(durationMs).toLocaleString("en")} ms`;
}

function indented(text: string | undefined): string[] {
  return text === undefined ? [] : text.split("\n").map((line) => `    ${line}`);
}
