import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { withStartId } from "@/lib/kernel/supervisor";
import { isDatabaseAnswering } from "@/lib/watch/health/queries";
import { problemResponse } from "../problem";
import { openApiDocument } from "./openapi";
import type { AnyOperation, Call } from "./operation";
import { OPERATIONS } from "./operations/all";
import { getHealthOperation } from "./operations/monitoring";
import { type FindActor, serve } from "./serve";

const NO_STORE = { "cache-control": "no-store" };

/** The same API for every server; servers differ in the proofs they accept. */
export function apiDoor(findActor: FindActor): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return uncached(await answer(request, findActor));
    } catch (error) {
      return problemResponse(error);
    }
  };
}

/** Unless the response says otherwise. */
function uncached(response: Response): Response {
  if (!response.headers.has("cache-control"))
    response.headers.set("cache-control", NO_STORE["cache-control"]);
  return response;
}

async function answer(request: Request, findActor: FindActor): Promise<Response> {
  if (!URL.canParse(request.url))
    throw new AppError("invalid_request", "The Host header of this request is not valid.");
  const url = new URL(request.url);
  // RFC 9110 §9.3.2: HEAD is answered as GET.
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (url.pathname === "/api/openapi.json") return sendDescription(request, method, findActor);
  const route = findRoute(url.pathname);
  if (!route) throw new AppError("not_found", "The API has nothing at this address.");
  const operation = route.operations.get(method);
  if (!operation) return notHere(method, [...route.operations.keys()]);
  const call = { request, url, params: route.params, reads: route.operations.get("GET") };
  return operation === getHealthOperation
    ? serveHealth(call, findActor)
    : serve(operation, call, findActor);
}

/** OPTIONS and methods not allowed (RFC 9110 §10.2.1). */
function notHere(method: string, taken: readonly string[]): Response {
  const allow = [...taken, ...(taken.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const detail = `This address takes ${allow}.`;
  const problem = { type: "about:blank", title: "method_not_allowed", status: 405, detail };
  return new Response(JSON.stringify(problem), {
    status: 405,
    headers: { ...NO_STORE, "content-type": "application/problem+json", allow },
  });
}

/** Built once: slower than any other answer, and constant. */
function description(): string {
  made ??= JSON.stringify(openApiDocument(env().url.origin));
  return made;
}
let made: string | undefined;

async function sendDescription(request: Request, method: string, findActor: FindActor) {
  if (method !== "GET") return notHere(method, ["GET"]);
  if (!(await findActor(request)))
    throw new AppError("unauthenticated", "Sign in, or send an API key.");
  return new Response(description(), {
    headers: { ...NO_STORE, "content-type": "application/json" },
  });
}

/** Strangers learn only whether this process serves, for load balancers. */
async function serveHealth(call: Call, findActor: FindActor): Promise<Response> {
  const response = (await isDatabaseAnswering())
    ? await serve(getHealthOperation, call, findActor)
    : Response.json(
        { status: "unavailable" },
        { status: 503, headers: { ...NO_STORE, "retry-after": "5" } },
      );
  return withStartId(call.request, response);
}

type Place = {
  literal: Map<string, Place>;
  parameter?: { name: string; place: Place };
  operations: Map<string, AnyOperation>;
};

export type FoundRoute = {
  operations: ReadonlyMap<string, AnyOperation>;
  params: Record<string, string>;
};

const ROOT = createPlace();
for (const operation of OPERATIONS) {
  const place = segmentsOf(operation.path).reduce(placeBelow, ROOT);
  place.operations.set(operation.method, operation);
}

/** @param pathname still encoded @throws AppError invalid_request for bad encoding */
export function findRoute(pathname: string): FoundRoute | null {
  const params: Record<string, string> = {};
  let place = ROOT;
  for (const segment of segmentsOf(pathname)) {
    // Literals win: `/contacts/export` is no contact.
    const literal = place.literal.get(segment);
    const { parameter } = place;
    if (literal) place = literal;
    else if (!parameter || segment === "") return null;
    else {
      params[parameter.name] = decode(segment);
      place = parameter.place;
    }
  }
  return place.operations.size > 0 ? { operations: place.operations, params } : null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw malformed(cause);
  }
}

function malformed(cause: unknown): AppError {
  return new AppError("invalid_request", "This address is not encoded correctly.", { cause });
}

function placeBelow(place: Place, segment: string): Place {
  const [, name] = /^\{(\w+)\}$/.exec(segment) ?? [];
  if (name !== undefined) {
    place.parameter ??= { name, place: createPlace() };
    return place.parameter.place;
  }
  const below = place.literal.get(segment) ?? createPlace();
  place.literal.set(segment, below);
  return below;
}

function createPlace(): Place {
  return { literal: new Map(), operations: new Map() };
}

function segmentsOf(path: string): string[] {
  return path.split("/").slice(1);
}
