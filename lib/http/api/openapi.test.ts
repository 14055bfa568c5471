import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { z } from "zod";
import { ERROR_CODES } from "@/lib/kernel/errors";
import { withDatabase } from "@/lib/testing/database";
import { digestMessage, openedMessage, resolvedMessage } from "@/lib/watch/incidents/messages";
import { apiDoor } from "./door";
import { errorCodesOf } from "./error-responses";
import { openApiDocument } from "./openapi";
import { OPERATIONS } from "./operations/all";
import { WEBHOOK_EVENTS } from "./webhooks";

withDatabase();

type Content = Record<string, { schema: Record<string, unknown>; example?: unknown }>;
type Described = {
  operationId: string;
  description?: string;
  parameters?: { name: string; description?: string; schema: object }[];
  requestBody?: { content: Content };
  responses: Record<string, { description?: string; content?: Content }>;
};
type Document = { paths: Record<string, Record<string, Described>>; webhooks: unknown };

const document = openApiDocument("http://localhost:3000") as unknown as Document;
const described = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const byId = new Map(described.map((each) => [each.operationId, each]));

/** Every field of an object, wherever it is in the description. */
function fieldsIn(value: unknown, path: string): [string, Record<string, unknown>][] {
  if (typeof value !== "object" || value === null) return [];
  const { properties } = value as { properties?: Record<string, Record<string, unknown>> };
  const own = Object.entries(path.endsWith("/properties") ? {} : (properties ?? {}));
  return [
    ...own.map(([name, field]) => [`${path} ${name}`, field] as [string, Record<string, unknown>]),
    ...Object.entries(value).flatMap(([key, each]) => fieldsIn(each, `${path}/${key}`)),
  ];
}

test("the description is OpenAPI 3.1", async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone({ ...document }))).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("it names every method that an address takes, and no other", async () => {
  const methodsOf = new Map<string, string[]>([["/api/openapi.json", ["GET"]]]);
  for (const { method, path } of OPERATIONS)
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), method]);
  const door = apiDoor(async () => null);
  for (const [path, methods] of methodsOf) {
    const url = `http://localhost:3000${path.replaceAll(/\{\w+\}/g, randomUUID())}`;
    const response = await door(new Request(url, { method: "OPTIONS" }));
    const ofServers = methods.includes("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"];
    const taken = response.headers.get("allow")?.split(", ");
    expect(taken?.sort(), path).toEqual([...methods, ...ofServers].sort());
  }
  expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
});

test("it is of all that Next.js has for programs: its other routes are for people, platforms and calendars", () => {
  const routes = readdirSync("app/api", { recursive: true, encoding: "utf8" });
  expect(routes.filter((path) => path.endsWith("/route.ts")).sort()).toEqual([
    "[...path]/route.ts",
    "auth/[...nextauth]/route.ts",
    "calendar/[token]/route.ts",
    "cloudProviders/oauth2/[service]/callback/route.ts",
    "company/[slug]/logout/route.ts",
  ]);
});

test("each operation says what its fields, parameters and errors are, with examples that its schemas allow", () => {
  const typed = ["type", "const", "enum", "anyOf", "oneOf", "allOf", "$ref"];
  for (const operation of described) {
    const { operationId, parameters = [], requestBody, responses } = operation;
    // Texts stand at the schemas, or in lib/http/api/fields.
    const silent = fieldsIn(operation, operationId).filter(
      ([, field]) => typeof field.description !== "string" || !typed.some((type) => type in field),
    );
    expect([...new Set(silent.map(([path]) => path))]).toEqual([]);
    expect(parameters.filter(({ description }) => !description)).toEqual([]);
    for (const { schema, example } of [requestBody, ...Object.values(responses)].flatMap((each) =>
      Object.values(each?.content ?? {}),
    )) {
      if (example === undefined) continue;
      const read = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
      expect(read.safeParse(example).error?.issues, operationId).toBeUndefined();
    }
    const found = OPERATIONS.find(({ id }) => id === operationId);
    const texts = Object.values(responses).map(({ description }) => description);
    for (const code of found ? errorCodesOf(found) : [])
      expect(texts.join("\n")).toContain(`\`${code}\``);
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(["400", "401", "403", "429", "500", "503", "default"]),
    );
  }
});

test("limits are those of Postkey, and none of the language", () => {
  const text = JSON.stringify(document);
  expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER));
  expect(text).not.toContain(String(Number.MIN_SAFE_INTEGER));
  const created = byId.get("createEmailAccount")?.requestBody?.content["application/json"];
  expect(created?.schema.properties).toMatchObject({
    emailAddress: { maxLength: 254, format: "email" },
    testSchedule: { enum: ["off", "hourly", "daily"], default: "daily" },
  });
  expect(created?.schema.required).toEqual(["name", "emailAddress"]);
});

test("every code of an error is one that a program is told of", () => {
  const all = new Set(OPERATIONS.flatMap(errorCodesOf));
  const neverHere = ["unauthorized_client", "invalid_scope", "proof_required"];
  expect(ERROR_CODES.filter((code) => !all.has(code))).toEqual(neverHere);
});

test("webhooks are described as they are sent", () => {
  const never = { resolvedAt: null, quietSince: null, announcedAt: null, onlyAccountId: null };
  const incident = {
    id: randomUUID(),
    kind: "mail",
    remedyId: "mail.unreachable",
    cause: "mail:x",
    subject: "x",
    accounts: 1,
    peakAccounts: 2,
    accountNames: ["Support"],
    openedAt: new Date(),
    firstOpenedAt: new Date(0),
    ...never,
  } as unknown as Parameters<typeof openedMessage>[0];
  const resolved = { ...incident, resolvedAt: new Date() };
  const sent = [
    openedMessage(incident),
    resolvedMessage(resolved, new Date()),
    digestMessage([incident]),
  ];
  for (const { payload } of sent) {
    const schema = WEBHOOK_EVENTS[payload.type];
    const body = { ...payload, timestamp: new Date().toISOString() };
    expect(schema.parse(body)).toEqual(body);
  }
  const text = JSON.stringify(document.webhooks);
  for (const type of Object.keys(WEBHOOK_EVENTS)) expect(text).toContain(`\`${type}\``);
});

test("an example of a body is taken as it is", () => {
  const withBody = OPERATIONS.filter(({ body }) => body);
  expect(withBody.length).toBeGreaterThan(20);
  for (const { id, body } of withBody)
    for (const { example } of Object.values(byId.get(id)?.requestBody?.content ?? {}))
      expect(body?.safeParse(example).error?.issues, id).toBeUndefined();
});
