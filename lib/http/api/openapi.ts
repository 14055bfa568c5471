import { z } from "zod";
import { ERROR_CODES } from "@/lib/kernel/errors";
import type { Permission } from "@/lib/kernel/permissions/schema";
import { KEPT_HOURS } from "@/lib/programs/idempotency/schema";
import { KEY_PERMISSIONS } from "@/lib/programs/schema";
import { RETRIED_FOR } from "@/lib/watch/alerts/retries";
import { errorResponses } from "./error-responses";
import { completeFields } from "./fields/complete";
import { type Described, editedSchema, exampleOf, type Json, jsonSchema } from "./json-schema";
import { type AnyOperation, fieldsOf, takesIdempotencyKey } from "./operation";
import { OPERATIONS } from "./operations/all";
import { JSON_TYPE, nounOf } from "./read-input";
import { WEBHOOK_EVENTS, webhookSchema } from "./webhooks";

/** OpenAPI 3.1.1. @param origin Postkey's public address */
export function openApiDocument(origin: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    const { path, method } = operation;
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Postkey",
      version: "1",
      description:
        "Access tokens for mail software, and everything that the console does, for programs. Create an API key under Settings → API Keys and send it as a bearer token.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: origin }],
    security: [{ apiKey: [] }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    webhooks: { alert: { post: WEBHOOK } },
    components: {
      securitySchemes: { apiKey: { type: "http", scheme: "bearer", bearerFormat: "pk_…" } },
      schemas: { Problem: PROBLEM },
      responses: {
        Problem: {
          description: "The request failed: what happened and what to do about it (RFC 9457).",
          content: {
            "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
          },
        },
      },
    },
  };
}

const header = (name: string, description: string) => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" },
});

const WEBHOOK = {
  summary: "An alert, sent to a webhook of Settings → Alerts",
  description: `Signed as Standard Webhooks say. The types are ${inCode(Object.keys(WEBHOOK_EVENTS))}. Answer with 2xx; anything else is tried again for ${RETRIED_FOR}.`,
  parameters: [
    header("webhook-id", "The same when an alert is sent again."),
    header("webhook-timestamp", "Seconds since 1970, when it was sent."),
    header("webhook-signature", "`v1,` and the HMAC-SHA256 of id, timestamp and body, in base64."),
  ],
  requestBody: {
    required: true,
    content: { [JSON_TYPE]: { schema: jsonSchema(webhookSchema, "output") } },
  },
  responses: { "2XX": { description: "It was received." } },
};

function inCode(names: readonly string[]): string {
  return new Intl.ListFormat("en").format(names.map((name) => `\`${name}\``));
}

const PROBLEM = jsonSchema(
  z.object({
    type: z.literal("about:blank").describe("As RFC 9457 has it where the status says enough."),
    title: z
      .enum([...ERROR_CODES, "method_not_allowed", "request_timeout", "not_implemented"])
      .describe("The error's code, for programs."),
    status: z.number().int().describe("The HTTP status."),
    detail: z.string().describe("For people: what happened, and what to do about it."),
    fields: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .describe("Of an input that is not valid: the reasons by field."),
    remedyId: z
      .string()
      .optional()
      .describe(
        "Of a failure that the error catalogue explains, such as one of mail or sign-in: see GET /api/errors/{remedyId}.",
      ),
  }),
  "output",
);

function operationObject(operation: AnyOperation): Json {
  const { id, tag, summary, description, permission, body } = operation;
  const needs = permission === null ? [] : [`Needs the permission ${permissionText(permission)}.`];
  const text = [description, ...needs].filter(Boolean).join("\n\n");
  const parameters = [
    ...parametersOf(operation.params, { place: "path", tag }),
    ...parametersOf(operation.query, { place: "query", tag }),
    ...(takesIdempotencyKey(operation) ? [IDEMPOTENCY_KEY] : []),
    ...(operation.isVersioned ? [IF_MATCH] : []),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(text && { description: text }),
    ...(permission !== null && { "x-permission": permission }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(operation, body) }),
    ...(operation.file && { requestBody: fileBody(operation.file) }),
    responses: {
      ...answerOf(operation),
      ...errorResponses(operation),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function permissionText(permission: Permission): string {
  const words: Partial<Record<Permission, string>> = KEY_PERMISSIONS;
  const label = words[permission];
  return label === undefined ? `\`${permission}\`` : `\`${permission}\` (${label})`;
}

function requestBody(operation: AnyOperation, body: z.ZodType): Json {
  const { takes = [JSON_TYPE], edits, tag } = operation;
  const schema = edits ? editedSchema(edits) : jsonSchema(body, "input");
  completeFields(schema, { tag, isInput: true });
  const example = exampleOf(schema, true);
  const content = { schema, example: edits?.isPatch ? onlyName(example) : example };
  return { required: true, content: Object.fromEntries(takes.map((type) => [type, content])) };
}

function fileBody({ contentType, example }: NonNullable<AnyOperation["file"]>): Json {
  return { required: true, content: { [contentType]: { schema: { type: "string" }, example } } };
}

function onlyName(example: unknown): unknown {
  return { name: (example as { name: unknown }).name };
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: `For ${KEPT_HOURS} hours, a request with the same key gets the response of the first one.`,
  schema: { type: "string", maxLength: 255 },
};

const IF_MATCH = {
  name: "If-Match",
  in: "header",
  required: false,
  description:
    "The `ETag` that GET of this resource returned: if the stored version is another one, nothing is changed. Needs the permission to read it.",
  schema: { type: "string", maxLength: 255, examples: ['"7"'] },
};

const ETAG = {
  description: "The version, in quotation marks, for `If-Match`. It goes up with every change.",
  schema: { type: "string" },
};

type Parameters = { place: "path" | "query"; tag: string };

function parametersOf(schema: z.ZodType | undefined, { place, tag }: Parameters): Json[] {
  if (!schema) return [];
  const described = jsonSchema(schema, "input") as Described;
  const { properties = {}, required = [] } = described;
  if (place === "path")
    for (const [name, field] of Object.entries(properties))
      properties[name] = { description: `The id of the ${nounOf(name)}.`, ...field };
  completeFields(described, { tag, isInput: true });
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

const TEXT = { schema: { type: "string" } };

function answerOf({ answer, tag, method }: AnyOperation): Json {
  const { status, description, schema, contentType } = answer;
  const types = [contentType ?? (schema ? JSON_TYPE : [])].flat();
  const body = schema ? withExample(jsonSchema(schema, "output"), tag) : TEXT;
  const content = types.length > 0 && Object.fromEntries(types.map((type) => [type, body]));
  const hasVersion = method === "GET" && schema && fieldsOf(schema).includes("version");
  const headers = hasVersion && { headers: { ETag: ETAG } };
  return { [status]: { description, ...headers, ...(content && { content }) } };
}

function withExample(schema: Json, tag: string): Json {
  completeFields(schema, { tag, isInput: false });
  return { schema, example: exampleOf(schema) };
}
