import { z } from "zod";
import type { AuditFold, AuditRow } from "./schema";
import { inWords } from "./verbs";

const OPERATIONS: Readonly<Record<string, readonly [string, string, string]>> = {
  getAccessToken: ["fetched", "an access token", "access tokens"],
  startConnectionTest: ["started", "a connection test", "connection tests"],
  startTestRun: ["started", "a test run", "test runs"],
  startRoundTrip: ["started", "a round trip", "round trips"],
  sendMessage: ["sent", "a message", "messages"],
  followEvents: ["opened", "a stream of events", "streams of events"],
};

const VERBS: Readonly<Record<string, string>> = {
  get: "read",
  list: "listed",
  export: "exported",
  create: "created",
  update: "changed",
  change: "changed",
  rename: "renamed",
  set: "changed",
  delete: "deleted",
  import: "imported",
  send: "sent",
  start: "started",
};

const useSchema = z.object({
  operation: z.string().optional(),
  status: z.number().optional(),
  count: z.number().catch(1),
});

/** “fetched 214 access tokens between 10:00 and 11:00 UTC”, “listed email accounts 3 times” */
export function keyUseInWords({ detail, at, folded }: AuditRow): string {
  const { operation, status = 200, count } = useSchema.parse(detail);
  const uses = folded?.uses ?? count;
  const several = severalOf(folded);
  const done = several ? severalInWords(several) : doneInWords({ operation, status, uses });
  return `${done}${timeInWords(folded?.since, at)}`;
}

/** All are reads; null for other rows. */
export function severalOf(folded: AuditFold | null): AuditFold["operations"] | null {
  return folded && folded.operations.length > 1 ? folded.operations : null;
}

const NAMED = 2;

/** “listed email accounts 40 times, read contact 3 times, and 12 more times something else” */
function severalInWords(operations: AuditFold["operations"]): string {
  const named = operations.slice(0, NAMED).map(usesInWords);
  const rest = operations.slice(NAMED).reduce((sum, { uses }) => sum + uses, 0);
  const parts = rest > 0 ? [...named, countOf(rest, "other read")] : named;
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}

export function usesInWords({ operation, uses }: AuditFold["operations"][number]): string {
  return doneInWords({ operation, status: 200, uses });
}

type Done = { operation: string | undefined; status: number; uses: number };

function doneInWords({ operation, status, uses }: Done): string {
  if (operation === undefined) return `made ${countOf(uses, "request")}`;
  if (status >= 400) return `was refused ${timesOf(uses)} at “${inWords(operation)}”`;
  const known = OPERATIONS[operation];
  if (known) return `${known[0]} ${uses === 1 ? known[1] : `${shown(uses)} ${known[2]}`}`;
  const [verb = "", ...what] = inWords(operation).split(" ");
  const done = `${VERBS[verb] ?? `used “${verb}” for`} ${what.join(" ")}`;
  return uses === 1 ? done : `${done} ${timesOf(uses)}`;
}

function timesOf(uses: number): string {
  return uses === 1 ? "once" : countOf(uses, "time");
}

function countOf(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${shown(count)} ${noun}s`;
}

const shown = (count: number) => count.toLocaleString("en");

/** Empty for a single moment. */
function timeInWords(since: Date | null | undefined, at: Date): string {
  if (!since) return "";
  const [from, to] = [since, at].map((time) => time.toISOString().slice(11, 16));
  return from === to ? "" : ` between ${from} and ${to} UTC`;
}
