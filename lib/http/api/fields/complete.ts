import { MAX_CHANGED } from "@/lib/email-accounts/bulk/schema";
import { FAILED_TESTS_REPEAT } from "@/lib/email-accounts/schema";
import { jsonSchema } from "../json-schema";
import { OPERATIONS } from "../operations/all";
import { FIELD_EXAMPLES, ONLY_ANSWERED } from "./examples";

type Node = Record<string, unknown>;
type Table<T> = Readonly<Record<string, T>>;

/** The text of a field is its schema's own, or that of the same field elsewhere under the tag. */
export function completeFields(node: unknown, place: Place): void {
  for (const [name, field] of [...fieldsIn(node)]) completeField(field, { ...place, name });
}

/** The fields of all objects in a part of the description. */
function* fieldsIn(node: unknown): Generator<[string, Node]> {
  if (typeof node !== "object" || node === null) return;
  const { properties } = node as { properties?: unknown };
  for (const [name, field] of Object.entries(isRecord(properties) ? properties : {}))
    if (isRecord(field)) yield [name, field];
  for (const each of Object.values(node)) yield* fieldsIn(each);
}

type Place = { tag: string; isInput: boolean };

/** Of one field, or of a parameter. */
function completeField(field: Node, { name, tag, isInput }: Place & { name: string }): void {
  const all = <T>(table: Table<T>) => [table[`${tag}.${name}`], table[name]];
  const of = <T>(table: Table<T>): T | undefined => all(table).find((each) => each !== undefined);
  const description = field.description ?? textOf(tag, name);
  if (description !== undefined) field.description = description;
  if (isInput && field.readOnly !== true && isText(field)) Object.assign(field, of(FIELD_LIMITS));
  if (WITHOUT_DEFAULT.has(name)) delete field.default;
  const fitting = all(FIELD_EXAMPLES).filter((each) => each !== undefined && fits(field, each));
  if (fitting.length > 0 && !(isInput && ONLY_ANSWERED.has(name))) field.examples = [fitting[0]];
}

function textOf(tag: string, name: string): string | undefined {
  told ??= readTexts();
  return told.get(`${tag}.${name}`) ?? FIELD_TEXTS[`${tag}.${name}`] ?? FIELD_TEXTS[name];
}

let told: ReadonlyMap<string, string> | undefined;

/** The texts in the schemas of operations, by tag and name: the first of several. */
function readTexts(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { tag, answer, edits, body, query } of OPERATIONS) {
    const inputs = [edits?.schema, body, query].map((each) => each && jsonSchema(each, "input"));
    const nodes = [answer.schema && jsonSchema(answer.schema, "output"), ...inputs];
    for (const [name, { description }] of nodes.flatMap((node) => [...fieldsIn(node)]))
      if (typeof description === "string" && !texts.has(`${tag}.${name}`))
        texts.set(`${tag}.${name}`, description);
  }
  return texts;
}

function isText({ type, const: only, enum: some }: Node): boolean {
  return type === "string" && only === undefined && some === undefined;
}

/** Fields of one name have several types: an example is for those that it can be one of. */
function fits(field: Node, example: unknown): boolean {
  if (field.const !== undefined) return field.const === example;
  if (Array.isArray(field.enum)) return field.enum.includes(example);
  if (Array.isArray(field.anyOf))
    return field.anyOf.some((each) => isRecord(each) && fits(each, example));
  const types = Array.isArray(field.type) ? field.type : [field.type];
  return types.includes(typeOf(example));
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  return typeof value === "number" ? "integer" : typeof value;
}

function isRecord(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Limit = Readonly<Record<string, unknown>>;

/** For schemas that look at a text after normalising it: limits of the result. Their own are those of what is read. */
const FIELD_LIMITS: Readonly<Record<string, Limit>> = {
  name: { minLength: 1, maxLength: 120 },
  key: { maxLength: 5 },
  emailAddress: { format: "email", maxLength: 254 },
  "Messages.to": { format: "email", maxLength: 254 },
  email: { format: "idn-email", maxLength: 254 },
  username: { minLength: 1, maxLength: 254 },
  description: { maxLength: 2_000 },
  subject: { minLength: 1, maxLength: 200 },
  clientId: { minLength: 1, maxLength: 255 },
  clientSecret: { minLength: 1, maxLength: 512 },
  secretExpiresOn: { format: "date" },
  host: { minLength: 1, maxLength: 253 },
  file: { contentEncoding: "base64" },
  identityClientId: { maxLength: 36 },
};

/** Defaults that depend on something else; their texts say on what. */
const WITHOUT_DEFAULT: ReadonlySet<string> = new Set(["secretExpiresOn", "username"]);

/** Texts of fields whose schemas say nothing because they are everywhere, by name, or by tag and name. */
export const FIELD_TEXTS: Readonly<Record<string, string>> = {
  id: "Unique identifier of the object.",
  name: "The display name, unique among its kind where that matters. At most 120 characters and 512 bytes.",
  createdAt: "When it was created, in UTC.",
  after: "`next` of the page before the one that you want.",
  before: "`previous` of the page after the one that you want.",
  limit: "Rows of a page.",
  search: "Words that are contained in names, addresses or keys. Empty for all.",
  expected: `The number of accounts that you expect the selection to have. If it has another number, nothing is changed (\`stale\`); a selection of more than ${MAX_CHANGED.toLocaleString("en")} is refused.`,
  cloudProviderId: "The id of a cloud provider.",
  contactListId: "The id of a contact list.",
  emailAccountId: "The id of an email account.",
  remedyId: "The id of an entry of the error catalogue: see GET /api/errors/{remedyId}.",
  failureId: "An entry of the error catalogue, or null while nothing fails.",
  imap: "For IMAP.",
  smtp: "For SMTP.",
  pop3: "For POP3.",
  host: "A host name, without a port. At most 253 characters.",
  port: "A TCP port.",
  tls: "`implicit`: TLS from the first byte. `starttls`: TLS after the STARTTLS command.",
  testSchedule: `The interval of automatic connection tests. ${FAILED_TESTS_REPEAT}`,
  failureText: "The identity platform's message when it last refused the tokens.",
  view: "Only the accounts that one chip of the console shows.",
  to: "Its value.",
  kind: "The kind of object.",
  state: "The current state: the worst of its sign-ins.",
  accountCount: "Number of email accounts that use it.",
  lastSeenAt: "When a message of it was last seen.",
  format: "The format of the file.",
  "Connection tests.service": "Of accounts with this mail service.",
  tlsVersion: "The version of TLS, as OpenSSL names it.",
  "Alert channels.view": "Only the channels that are failing, not tested, or switched off.",
};
