import { openApiDocument } from "@/lib/http/api/openapi";
import { OPERATIONS } from "@/lib/http/api/operations/all";
import { env } from "@/lib/kernel/env";
import type { Permission } from "@/lib/kernel/permissions/schema";

export type Parameter = { name: string; in: string; required: boolean; description: string };

/** What the page shows about an operation, and what a user needs to try it. */
export type OperationView = {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  /** What is sent, to begin with; null where nothing is. */
  body: { contentType: string; text: string } | null;
  /** Tokens are for programs: no page ever has one. */
  isForPrograms: boolean;
  /** The permission it needs; null for none. */
  permission: Permission | null;
  answer: { status: string; description: string; schema: string | null };
};

export type OperationGroup = { tag: string; operations: OperationView[] };

const BY_ID = new Map(OPERATIONS.map((operation) => [operation.id, operation]));

type Described = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: (Parameter & { schema: unknown })[];
  requestBody?: { content: Record<string, { example: unknown }> };
  responses: Record<
    string,
    { description?: string; content?: Record<string, { example?: unknown }> }
  >;
};

/** The API's description, cut into what people read. */
export function describeOperations(): OperationGroup[] {
  const document = openApiDocument(env().url.origin) as {
    tags: { name: string }[];
    paths: Record<string, Record<string, Described>>;
  };
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      tag: described.tags[0],
      ...viewOf(method.toUpperCase(), path, described),
    })),
  );
  return document.tags.map(({ name }) => ({
    tag: name,
    operations: all.filter(({ tag }) => tag === name),
  }));
}

function viewOf(method: string, path: string, described: Described): OperationView {
  const { operationId, summary, description = "", parameters = [], requestBody } = described;
  const [status = "200"] = Object.keys(described.responses);
  const answer = described.responses[status];
  const [content] = Object.values(answer?.content ?? {});
  const [sent] = Object.entries(requestBody?.content ?? {});
  return {
    id: operationId,
    method,
    path,
    summary,
    description,
    parameters: parameters.map(({ name, in: place, required, description: text = "" }) => ({
      name,
      in: place,
      required,
      description: text,
    })),
    isForPrograms: BY_ID.get(operationId)?.isForPrograms ?? false,
    permission: BY_ID.get(operationId)?.permission ?? null,
    body: sent ? { contentType: sent[0], text: textOf(sent[1].example) } : null,
    answer: {
      status,
      description: answer?.description ?? "",
      schema: content?.example === undefined ? null : JSON.stringify(content.example, null, 2),
    },
  };
}

/** JSON, but for a file, which is sent as it is. */
function textOf(example: unknown): string {
  return typeof example === "string" ? example : JSON.stringify(example, null, 2);
}
