import { AppError } from "@/lib/kernel/errors";
import type { AnyOperation } from "./operation";
import { OPERATIONS } from "./operations/all";

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
