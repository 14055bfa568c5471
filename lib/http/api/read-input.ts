import { z } from "zod";
import { hostProblems } from "@/lib/egress/allowed-hosts";
import { endpointSchema, perProtocol } from "@/lib/egress/schema";
import { readBody } from "@/lib/http/read-body";
import { API_MAX_BYTES } from "@/lib/http/web/request-limits";
import { AppError, type FieldErrors } from "@/lib/kernel/errors";
import { configuredEgress } from "@/lib/mail/configured";
import { originProblems } from "@/lib/registrations/read-registration";
import { providerHostsSchema } from "@/lib/registrations/registration/schema";
import { type InputPlace, readForProgram } from "./field-problems";
import type { AnyOperation, Call } from "./operation";

/** @throws AppError not_found for a malformed id, unprocessable with fields, and others */
export async function readInput(
  operation: AnyOperation,
  { request, url, params: rawParams }: Call,
): Promise<{ params: unknown; query: unknown; body: unknown }> {
  const params = operation.params?.safeParse(rawParams);
  if (params?.success === false) throw noSuch(String(params.error.issues[0]?.path[0]));
  const schema = operation.query ?? (url.search === "" ? null : NO_PARAMETERS);
  const query = schema && readAs(schema, readQuery(url), "query");
  const body = operation.body && readAs(operation.body, await readJson(request, operation.takes));
  return { params: params?.data, query, body };
}

/** Ignoring an unknown `dryRun` would act. */
const NO_PARAMETERS = z.strictObject({});

/** @throws AppError unprocessable with all wrong fields */
export function readAs<S extends z.ZodType>(
  schema: S,
  value: unknown,
  place: InputPlace = "body",
): z.output<S> {
  const read = readForProgram(schema, value, place);
  if (read.ok) return read.data;
  const fields = place === "body" ? { ...forbiddenHosts(value), ...read.fields } : read.fields;
  throw new AppError(
    "unprocessable",
    `Some fields are not valid: ${listed(Object.keys(fields))}.`,
    { fields },
  );
}

const NAMED = 5;

function listed(names: string[]): string {
  const more = names.length > NAMED ? [`${names.length - NAMED} more`] : [];
  return new Intl.ListFormat("en", { type: "conjunction" }).format([
    ...names.slice(0, NAMED).map((name) => (name === "root" ? "the body" : name)),
    ...more,
  ]);
}

/** `emailAccountId` is the id of an `email account`. */
export function nounOf(param: string): string {
  return param.replace(/Id$/, "").replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function noSuch(param: string): AppError {
  return new AppError(
    "not_found",
    `No ${nounOf(param)} has this ${param.endsWith("Id") ? "id" : "name"}.`,
  );
}

/** A repeated parameter means something else. */
function readQuery({ searchParams }: URL): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

async function readJson(request: Request, takes: readonly string[] = [JSON_TYPE]) {
  const sent = request.headers.get("content-type");
  const [type = ""] = sent?.split(";") ?? [];
  if (!takes.includes(type.trim().toLowerCase())) throw otherType(sent, takes);
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.trim().toLowerCase() !== "identity")
    throw new AppError("unsupported_media_type", "Send the body without a Content-Encoding.");
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable("The body is not JSON.", cause);
  }
}

export const JSON_TYPE = "application/json";

function otherType(sent: string | null, takes: readonly string[]): AppError {
  const what = sent ? `has the Content-Type “${sent.slice(0, 60)}”` : "has no Content-Type";
  return new AppError(
    "unsupported_media_type",
    `The body ${what}. Send it as ${takes.join(" or ")}.`,
  );
}

async function readText(request: Request): Promise<string> {
  const bytes = await readBody(request, API_MAX_BYTES);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable("The body is not UTF-8.", cause);
  }
}

function unreadable(message: string, cause: unknown): AppError {
  return new AppError("invalid_request", message, { cause });
}

/** An invalid endpoint has errors of its own. */
const endpoint = endpointSchema.optional().catch(undefined);
const mailHosts = perProtocol(endpoint);
const { authority, scopeHost, graph } = providerHostsSchema.shape;
const hosts = z.object({
  ...mailHosts,
  authority: authority.optional().catch(undefined),
  scopeHost: scopeHost.optional().catch(undefined),
  graph: graph.optional().catch(undefined),
  mail: z.object(mailHosts).optional().catch(undefined),
});
const bodySchema = z.object({ smtp: endpoint, hosts: hosts.optional().catch(undefined) }).catch({});

/** So that a program learns of all problems in one answer, not two. */
function forbiddenHosts(body: unknown): FieldErrors {
  const { smtp, hosts: { mail, authority, scopeHost, graph, ...own } = {} } =
    bodySchema.parse(body);
  const policy = configuredEgress();
  return {
    ...originProblems({ authority, scopeHost, graph }),
    ...hostProblems(given({ smtp }), policy, ""),
    ...hostProblems(given(own), policy),
    ...hostProblems(given(mail ?? {}), policy, "hosts.mail."),
  };
}

function given(found: Readonly<Record<string, z.output<typeof endpoint>>>) {
  return Object.fromEntries(Object.entries(found).filter(([, each]) => each !== undefined));
}
