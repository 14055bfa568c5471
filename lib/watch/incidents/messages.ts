import { env } from "@/lib/kernel/env";
import { pick } from "@/lib/kernel/pick";
import { counted } from "@/lib/kernel/text/schema";
import { timeText } from "@/lib/kernel/text/time-text";
import type { Transaction } from "@/lib/kernel/transaction";
import { mailService, SERVICES } from "@/lib/mail/services/schema";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { findRemedy, isOfService, placeholdersOf } from "@/lib/remedies/catalogue";
import type { RepairObject } from "@/lib/remedies/remedy";
import { tell } from "@/lib/remedies/told";
import { durationText } from "./duration-text";
import {
  accountsText,
  type ExplainedIncident,
  type IncidentRow,
  incidentState,
  lastedMs,
  resolvesAt,
} from "./schema";
import { findRepairObjects } from "./store";

export async function explainAll(tx: Transaction, rows: readonly IncidentRow[]) {
  const objects = await findRepairObjects(tx, rows);
  return rows.map((row) => explainIncident(row, objects.get(row.id)));
}

export function explainIncident(row: IncidentRow, object: RepairObject = {}): ExplainedIncident {
  const title = titleOf(row.remedyId, row.kind === "rotation");
  const subject = subjectText(row);
  if (incidentState(row) !== "open") return { ...row, subject, title, ...settled(row) };
  // The command is on the incident's page only.
  const told = toldOf(row.remedyId, object, "the command on its page");
  const { steps, taken = [], buttons = [] } = told;
  const [nextStep = title] = steps;
  return { ...row, subject, title, nextStep, steps, taken, buttons };
}

/** At several servers, no host can be filled in. */
function toldOf(remedyId: string, object: RepairObject, command: string) {
  const entry = findRemedy(remedyId);
  const hasOne =
    entry.command && isOfService(entry.command, { object }) && !("host" in placeholdersOf(entry));
  return tell(entry, { object, ...(hasOne && { command }) });
}

function settled({ quietSince, resolvedAt }: IncidentRow) {
  const nextStep =
    resolvedAt || !quietSince
      ? "You don't need to do anything: it is resolved."
      : `You don't need to do anything: it no longer fails. Postkey resolves it at ${timeText(resolvesAt(quietSince))} unless it fails again.`;
  return { nextStep, steps: [nextStep], taken: [[]], buttons: [] };
}

export function titleOf(remedyId: string, isRotation: boolean): string {
  const { title } = findRemedy(remedyId);
  return isRotation ? `The client secret was not renewed. ${title}` : title;
}

/** Clouds and services are stored by id. */
function subjectText({ kind, subject }: IncidentRow): string {
  if (kind === "mail") {
    const service = SERVICES.find((id) => id === subject);
    return service ? mailService(service).label : subject;
  }
  if (kind !== "platform") return subject;
  return configuredClouds().find(({ id }) => id === subject)?.label ?? subject;
}

type Script = { shell: string; text: string };

/** @param script for all accounts; without one, the page has it */
export function openedMessage(
  row: IncidentRow,
  { script = null, object }: { script?: Script | null; object?: RepairObject | undefined } = {},
) {
  const incident = explainIncident(row, object);
  const { label, url } = repairOf(incident);
  const [first] = script ? toldOf(row.remedyId, object ?? {}, "the command below").steps : [];
  return {
    subject: `${incident.subject}: ${incident.title}`,
    text: [
      incident.title,
      "",
      ...facts(incident),
      `Next step: ${first ?? incident.nextStep}`,
      ...scriptLines(row, script),
      "",
      `${label}: ${url}`,
      `The incident: ${incidentUrl(incident.id)}`,
    ].join("\n"),
    payload: payload("incident.opened", [incident]),
  };
}

function scriptLines({ remedyId, accounts }: IncidentRow, script: Script | null): string[] {
  if (script) return ["", `${script.shell}:`, "", script.text];
  const isForEach = accounts > 1 && findRemedy(remedyId).command?.text.includes("{mailbox}");
  return isForEach ? ["One script for all of these accounts is on the incident's page."] : [];
}

export function resolvedMessage(row: IncidentRow, now: Date) {
  const incident = explainIncident(row);
  const { subject, title, peakAccounts, id } = incident;
  const lasted = durationText(lastedMs(incident, now) ?? 0);
  // What stopped nothing does not work again.
  const isBack = peakAccounts > 0;
  const stopped = `and stopped ${counted(peakAccounts, "account")} at most`;
  return {
    subject: `${subject}: ${isBack ? "works again" : "resolved"}`,
    text: [
      isBack ? `${subject} works again.` : `A problem of ${subject} is resolved.`,
      "",
      `The problem: ${title}`,
      `It lasted ${lasted}${isBack ? ` ${stopped}` : ""}.`,
      "You don't need to do anything.",
      "",
      incidentUrl(id),
    ].join("\n"),
    payload: payload("incident.resolved", [incident]),
  };
}

const DIGEST_LINES = 20;

export function digestMessage(
  rows: IncidentRow[],
  objects: ReadonlyMap<string, RepairObject> = new Map(),
) {
  const incidents = rows.map((row) => explainIncident(row, objects.get(row.id)));
  const shown = incidents.slice(0, DIGEST_LINES);
  const rest = incidents.length - shown.length;
  return {
    subject: incidents.length === 1 ? "1 open incident" : `${incidents.length} open incidents`,
    text: [
      "These need attention, the largest impact first.",
      ...shown.flatMap((incident) => [
        "",
        `${incident.subject}: ${incident.title}`,
        ...facts(incident).slice(1),
        `Next step: ${incident.nextStep}`,
        `${repairOf(incident).label}: ${repairOf(incident).url}`,
        incidentUrl(incident.id),
      ]),
      ...(rest > 0 ? ["", `And ${rest} more.`] : []),
      "",
      env().url.origin,
    ].join("\n"),
    payload: payload("incident.digest", shown),
  };
}

function facts(incident: ExplainedIncident): string[] {
  return [
    `Where: ${incident.subject}`,
    `It stops: ${accountsText(incident)}`,
    `Since: ${sinceText(incident)}`,
  ];
}

function sinceText({ openedAt, firstOpenedAt }: IncidentRow): string {
  const again = firstOpenedAt ? ` (opened again; first on ${timeText(firstOpenedAt)})` : "";
  return `${timeText(openedAt)}${again}`;
}

type Event = "incident.opened" | "incident.resolved" | "incident.digest";

const TOLD = [
  ...(["id", "kind", "remedyId", "subject", "title", "nextStep"] as const),
  ...(["accounts", "peakAccounts", "accountNames"] as const),
];

/** As `WEBHOOK_EVENTS` describes it. */
function payload(type: Event, incidents: ExplainedIncident[]) {
  const told = incidents.map((incident) => {
    const { openedAt, firstOpenedAt, resolvedAt } = incident;
    return {
      ...pick(incident, TOLD),
      openedAt: openedAt.toISOString(),
      firstOpenedAt: firstOpenedAt?.toISOString() ?? null,
      resolvedAt: resolvedAt?.toISOString() ?? null,
      url: incidentUrl(incident.id),
      repair: repairOf(incident),
    };
  });
  return { type, data: { incidents: told } };
}

/** A mail has links only; sign-ins and tests begin on pages. */
function repairOf({ id, buttons, onlyAccountId }: ExplainedIncident) {
  const [button] = buttons.filter(({ kind }) => kind !== "show_command");
  if (button && "opens" in button.does)
    return { label: button.label, url: new URL(button.does.opens, env().url).href };
  const page = onlyAccountId === null ? `/incidents/${id}` : `/email/accounts/${onlyAccountId}`;
  return { label: button?.label ?? "Open the incident", url: new URL(page, env().url).href };
}

function incidentUrl(id: string): string {
  return new URL(`/incidents/${id}`, env().url).href;
}
