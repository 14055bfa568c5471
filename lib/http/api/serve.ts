import { problemResponse } from "@/lib/http/problem";
import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { countUp } from "@/lib/kernel/metrics/counters";
import { createOnce } from "@/lib/programs/idempotency/mutations";
import { recordUse } from "@/lib/programs/uses";
import { etagOf, requireMatch, unlessOvertaken } from "./editing";
import { type AnyOperation, type Call, takesIdempotencyKey } from "./operation";
import { readInput } from "./read-input";

export type FindActor = (request: Request) => Promise<Actor | null>;

export async function serve(
  operation: AnyOperation,
  call: Call,
  findActor: FindActor,
): Promise<Response> {
  const { request, url } = call;
  let actor: Actor | null = null;
  let response: Response;
  try {
    actor = await findActor(request);
    if (!actor && operation.toStrangers) return operation.toStrangers();
    if (!actor) throw new AppError("unauthenticated", "Sign in, or send an API key.");
    response = await answer(operation, { actor, ...call });
  } catch (error) {
    response = problemResponse(error);
  }
  // Refusals count as use.
  if (actor) recordUseOf(operation, { actor, url, response });
  countUp("postkey_api_requests_total", {
    operation: operation.id,
    status: String(response.status),
  });
  return response;
}

async function answer(operation: AnyOperation, call: Call & { actor: Actor }): Promise<Response> {
  const { actor, request, url } = call;
  if (operation.isForPrograms && actor.kind !== "api_key")
    throw new AppError("access_denied", "Only programs can get this. Send an API key.");
  // Before other problems; the domain checks again.
  if (operation.permission) requirePermissionOnAccounts(actor, operation.permission);
  const input = await readInput(operation, call);
  const version = await requireMatch(operation, { ...call, params: input.params });
  const run = () =>
    unlessOvertaken(request, operation.handle({ actor, request, version, ...input } as never));
  const key = request.headers.get("idempotency-key");
  if (key === null || operation.method === "GET") {
    const response = toResponse(operation, await run());
    // The client reads no body; an open stream would leak.
    if (request.method === "HEAD" && operation.answer.contentType) await response.body?.cancel();
    return response;
  }
  return once(operation, { actor, url, key, body: input.body, run });
}

type Once = { actor: Actor; url: URL; key: string; body: unknown; run: () => Promise<unknown> };

async function once(operation: AnyOperation, call: Once): Promise<Response> {
  const { actor, url, key, body, run } = call;
  if (!takesIdempotencyKey(operation))
    throw new AppError("invalid_request", "This operation takes no Idempotency-Key.");
  if (actor.kind !== "api_key" || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new AppError(
      "invalid_request",
      "An Idempotency-Key has 1 to 255 visible ASCII characters, and comes with an API key.",
    );
  const creation = { key, method: operation.method, path: url.pathname + url.search, body };
  const kept = await createOnce(actor, creation, async () => {
    const response = toResponse(operation, await run());
    return { status: response.status, body: await response.text() };
  });
  const headers = new Headers(HEADERS);
  const etag = kept.body === "" ? undefined : etagOf(JSON.parse(kept.body));
  if (etag) headers.set("etag", etag);
  if (kept.isReplayed) headers.set("idempotent-replayed", "true");
  return new Response(kept.body === "" ? null : kept.body, { status: kept.status, headers });
}

const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

function toResponse(operation: AnyOperation, result: unknown): Response {
  const { status, schema } = operation.answer;
  if (result instanceof Response) return result;
  if (!schema) return new Response(null, { status, headers: { "cache-control": "no-store" } });
  // Only described fields leave; an invalid value is our fault.
  const shown = schema.parse(result);
  const etag = etagOf(shown);
  return new Response(JSON.stringify(shown), {
    status,
    headers: { ...HEADERS, ...(etag && { etag }) },
  });
}

type Answered = { actor: Actor; url: URL; response: Response };

function recordUseOf(operation: AnyOperation, { actor, url, response }: Answered): void {
  if (actor.kind !== "api_key") return;
  const { status, ok } = response;
  // Ids in refused requests may be invented and would flood the trail.
  const path = ok ? url.pathname : operation.path;
  recordUse(actor, { operation: operation.id, path, status });
}
