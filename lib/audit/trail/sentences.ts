import { z } from "zod";
import { capital } from "@/lib/kernel/text/schema";
import { keyUseInWords, severalOf, usesInWords } from "./key-uses";
import type { AuditEvent, AuditRow } from "./schema";
import { inWords, saysAll, valueInWords, verbOf } from "./verbs";

/** “Ada” + “changed the List of” + “Sales” + “from A to B”; parts may be empty. */
export type Sentence = { verb: string; object: string; rest: string };

const UNNAMED: Readonly<Record<string, string>> = {
  "session.refuse": "an unknown user",
  "administrator.invite": "a person",
};

function objectOf({ action, objectName }: AuditRow): string {
  return saysAll(action) ? "" : objectName || (UNNAMED[action] ?? "");
}

export function sentenceOf(row: AuditRow): Sentence {
  if (row.action === "api_key.use") return { verb: keyUseInWords(row), object: "", rest: "" };
  const { changed = [], before = {}, after = {} } = editSchema.safeParse(row.detail).data ?? {};
  const many = manyOf(row);
  const object = many ?? objectOf(row);
  const [only] = changed;
  if (!row.action.endsWith(".update") || only === undefined)
    return {
      verb:
        many === null
          ? (linksInWords(row) ?? deviceUse(row) ?? verbOf(row.action))
          : verbForMany(row.action),
      object,
      rest: placeOf(row),
    };
  if (changed.length > FIELDS_NAMED)
    return { verb: `changed ${changed.length} fields of`, object, rest: "" };
  const isTold = only in after && changed.length === 1;
  const values = { from: many === null ? before[only] : EACH_ITS_OWN, to: after[only] };
  const rest = isTold ? changeInWords(values) : "";
  return { verb: `changed the ${new Intl.ListFormat("en").format(changed)} of`, object, rest };
}

const refusedSchema = z.object({ outcome: z.string().refine((outcome) => outcome !== "ok") });

function deviceUse({ action, detail }: AuditRow): string | null {
  const isRefused = action === "device.use" && refusedSchema.safeParse(detail).success;
  return isRefused ? "was refused at the gateway" : null;
}

const LINK_VERBS: Readonly<Record<string, readonly [string, string]>> = {
  "sign_in_link.create": ["created a sign-in link for", "created # sign-in links for mailboxes"],
  "sign_in_link.send": [
    "sent a sign-in link by mail to",
    "sent # sign-in links by mail for mailboxes",
  ],
  "sign_in_link.remind": [
    "sent a reminder of the sign-in link to",
    "sent # reminders of sign-in links",
  ],
  "sign_in_link.revoke": ["revoked the sign-in link of", "revoked # sign-in links of mailboxes"],
};

const linksSchema = z.object({ links: z.number(), usernames: z.array(z.string()) });

/** “created a sign-in link for alice@contoso.com at”; null for other events. */
function linksInWords({ action, detail }: Pick<AuditEvent, "action" | "detail">): string | null {
  const [one, many] = LINK_VERBS[action] ?? [];
  const { data } = linksSchema.safeParse(detail);
  if (!one || !many || !data) return null;
  const { links, usernames } = data;
  const [only = ""] = usernames;
  const told = links === 1 ? `${one} ${only}` : many.replace("#", links.toLocaleString("en"));
  return `${told} at`;
}

const refusalSchema = z.object({ company: z.string() });

function placeOf({ action, detail }: AuditRow): string {
  if (action !== "session.refuse") return "";
  const { data } = refusalSchema.safeParse(detail);
  return data ? `at ${data.company}` : "";
}

const FIELDS_NAMED = 3;

const values = z.record(z.string(), z.unknown());
const editSchema = z.object({
  changed: z.array(z.string()).optional(),
  before: values.optional(),
  after: values.optional(),
});

/** Many objects had different values before. */
const EACH_ITS_OWN = Symbol("each its own");

function changeInWords({ from, to }: { from: unknown; to: unknown }): string {
  const now = `to ${shortened(valueInWords(to))}`;
  return from === EACH_ITS_OWN ? now : `from ${shortened(valueInWords(from))} ${now}`;
}

const VALUE_SHOWN = 60;

function shortened(text: string): string {
  return text.length > VALUE_SHOWN ? `${text.slice(0, VALUE_SHOWN)}…` : text;
}

/** “50 email accounts” */
function manyOf({ objectKind, folded, detail }: AuditRow): string | null {
  const { together = folded?.events ?? 1 } = togetherSchema.safeParse(detail).data ?? {};
  return folded && together > 1 ? `${together.toLocaleString("en")} ${inWords(objectKind)}s` : null;
}

const togetherSchema = z.object({ together: z.number().optional() });

/** “activated”; number and kind follow. */
function verbForMany(action: string): string {
  const verb = verbOf(action);
  const [kind = ""] = action.split(".");
  const end = ` the ${inWords(kind)}`;
  return verb.endsWith(end) ? verb.slice(0, -end.length) : verb.replace(/ the$/, "");
}

const ID = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g;

/** Of anything that may have a name. */
export function idsIn(rows: readonly Pick<AuditRow, "detail">[]): string[] {
  return [...new Set(rows.flatMap(({ detail }) => JSON.stringify(detail ?? null).match(ID) ?? []))];
}

/** One per line, with names by id; the export has all. */
export function detailsOf(row: AuditRow, names: ReadonlyMap<string, string> = new Map()): string[] {
  return linesOf(row).map((line) => {
    const named = line.replace(ID, (id) => names.get(id) ?? id);
    return named === line ? line : named.replace(/ ids?: /, ": ");
  });
}

function linesOf({ detail, folded }: AuditRow): string[] {
  if (typeof detail !== "object" || detail === null) return [];
  const several = severalOf(folded);
  if (several) return several.map((each) => capital(usesInWords(each)));
  const { before = {}, after = {} } = editSchema.safeParse(detail).data ?? {};
  const changes = Object.keys(after).map(
    (field) => `${field}: ${valueInWords(before[field])} → ${valueInWords(after[field])}`,
  );
  const others = Object.entries(detail)
    .filter(([name]) => !SAID_OTHERWISE.has(name) && !(changes.length > 0 && OF_EDITS.has(name)))
    .map(([name, value]) => [capital(inWords(name)), valueInWords(value)])
    // "Addresses: none" is said of a key that has all.
    .filter(([, value]) => value !== "none")
    .map(([name, value]) => `${name}: ${value}`);
  const isAct = folded !== null && folded.uses === 0;
  const names = isAct && folded.events > 1 ? [namesInWords(folded.names, folded.events)] : [];
  const shown = [...changes, ...others].slice(0, MOST_PARTS);
  const more = changes.length + others.length - shown.length;
  return [
    ...names,
    ...(isAct && folded.events > 1 ? [] : shown),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

const SAID_OTHERWISE = new Set(["version", "act", "together", "since"]);
const OF_EDITS = new Set(["changed", "before", "after"]);
const MOST_PARTS = 12;

function namesInWords(names: string[], all: number): string {
  const more = all - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more.toLocaleString("en")} more` : ""}`;
}
