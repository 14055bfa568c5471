import { z } from "zod";
import { readOnlyFields } from "./editing";
import { type AnyOperation, type Editing, takesIdempotencyKey } from "./operation";
import { OPERATIONS } from "./operations/all";
import { JSON_TYPE } from "./read-input";

type Json = Readonly<Record<string, unknown>>;

/**
 * The API's description (OpenAPI 3.1.1), made of what serves it.
 * @param origin Postkey's public address
 */
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

const PROBLEM = jsonSchema(
  z.object({
    type: z.literal("about:blank"),
    title: z.string().describe("The error's code, for programs."),
    status: z.number().int(),
    detail: z.string().describe("For people."),
    fields: z.record(z.string(), z.array(z.string())).optional().describe("Messages by field."),
    remedyId: z.string().optional().describe("See GET /api/errors/{remedyId}."),
  }),
  "output",
);

function operationObject(operation: AnyOperation): Json {
  const { id, tag, summary, description, permission, body } = operation;
  const needs = permission === null ? [] : [`Needs the permission \`${permission}\`.`];
  const text = [description, ...needs].filter(Boolean).join("\n\n");
  const parameters = [
    ...parametersOf(operation.params, "path"),
    ...parametersOf(operation.query, "query"),
    ...(takesIdempotencyKey(operation) ? [IDEMPOTENCY_KEY] : []),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(text && { description: text }),
    ...(permission !== null && { "x-permission": permission }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(operation, body) }),
    responses: { ...answerOf(operation), default: { $ref: "#/components/responses/Problem" } },
  };
}

function requestBody({ takes = [JSON_TYPE], edits }: AnyOperation, body: z.ZodType): Json {
  const schema = edits ? editedSchema(edits) : jsonSchema(body, "input");
  return { required: true, content: Object.fromEntries(takes.map((type) => [type, { schema }])) };
}

type Described = {
  oneOf?: Described[];
  properties?: Record<string, Json>;
  required?: string[];
};

/** What may be changed, and what GET has beside it; of a patch, everything may be left out. */
function editedSchema({ isPatch, ...editing }: Editing): Json {
  const names = readOnlyFields(editing);
  const { properties: shown = {} } = jsonSchema(editing.answer, "output") as Described;
  const readOnly = names.flatMap((name) => {
    const field = shown[name];
    return field ? [[name, { ...field, readOnly: true }] as const] : [];
  });
  const edited = ({ properties, required = [], ...rest }: Described): Described => ({
    ...rest,
    properties: { ...properties, ...Object.fromEntries(readOnly) },
    ...(!isPatch && { required: required.filter((name) => !names.includes(name)) }),
  });
  const schema = jsonSchema(editing.schema, "input") as Described;
  return schema.oneOf ? { oneOf: schema.oneOf.map(edited) } : edited(schema);
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "For a day, a request with the same key gets the response of the first one.",
  schema: { type: "string", maxLength: 255 },
};

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function answerOf({ answer: { status, description, schema, contentType } }: AnyOperation): Json {
  const type = contentType ?? "application/json";
  const content = schema
    ? { [type]: { schema: jsonSchema(schema, "output") } }
    : contentType && { [type]: { schema: { type: "string" } } };
  return { [status]: { description, ...(content && { content }) } };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const options = { io, unrepresentable: "any", override: complete } as const;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, options);
  return rest;
}

type Found = { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema };

/** Says what Zod leaves open: generators of clients make nothing of a field without a type. */
function complete({ zodSchema: { _zod }, jsonSchema: said }: Found): void {
  const { def } = _zod;
  // What a transformation makes of a field is not known; those of Postkey keep the type of what goes in.
  if (
    def.type === "pipe" &&
    def.out._zod.def.type === "transform" &&
    Object.keys(said).length === 0
  )
    Object.assign(said, jsonSchema(def.in as z.ZodType, "input"));
  // The keys of a record are known, and its properties are asked for by name: OpenAPI wants both.
  if (def.type === "record" && said.required && typeof said.additionalProperties === "object") {
    const { additionalProperties: value } = said;
    said.properties = Object.fromEntries(said.required.map((name) => [name, value]));
    delete said.propertyNames;
    said.additionalProperties = false;
  }
}
