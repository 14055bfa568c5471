import { apiDoor } from "@/lib/http/api/door";
import type { AnyOperation } from "@/lib/http/api/operation";
import { findActor } from "@/lib/http/auth/request";
import type { KeyPermission } from "@/lib/programs/schema";
import { administrator } from "./actors";
import { createApiKey, type KeyForm } from "./made";
import { shared } from "./shared";

const ORIGIN = "http://localhost:3000";

/** A key that may do this, with its limits. */
export async function keyFor(
  permissions: KeyPermission[],
  limits: Partial<KeyForm> = {},
): Promise<string> {
  const { key } = await createApiKey(administrator(), { name: "Motion", permissions, ...limits });
  return key;
}

/** The same for all tests of a file or a group. */
export function withKey(...permissions: KeyPermission[]): () => string {
  const made = shared(async () => ({ key: await keyFor(permissions) }));
  return () => made.key;
}

type Call = {
  key: string;
  params?: Record<string, string>;
  query?: string;
  /** Sent as JSON, unless it is text already. */
  body?: unknown;
  headers?: Record<string, string>;
};

/** An operation as a program calls it, through everything that stands before it. */
export function call(
  operation: AnyOperation,
  { key, params = {}, query = "", body, headers = {} }: Call,
): Promise<Response> {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(params[name] ?? name),
  );
  const request = new Request(`${ORIGIN}${path}${query}`, {
    method: operation.method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return apiDoor(findActor)(request);
}

/** What came back, with its status beside it. */
export async function json(response: Response) {
  return { status: response.status, ...(await response.json()) };
}

/** A refusal as RFC 9457 shapes it, that no cache keeps. */
export async function problem(response: Response) {
  const { headers } = response;
  const [type, caching] = [headers.get("content-type"), headers.get("cache-control")];
  if (type !== "application/problem+json" || caching !== "no-store")
    throw new Error(`Not a problem, or one that is kept: ${type}, ${caching}`);
  return json(response);
}

export async function status(response: Promise<Response>): Promise<number> {
  return (await response).status;
}
