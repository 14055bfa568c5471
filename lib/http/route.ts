import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { NextRequest } from "next/server";
import type { Actor } from "@/lib/actor";
import { requireActor } from "@/lib/auth/request";
import { problemResponse } from "./problem";

type RouteInput<P> = { request: NextRequest; actor: Actor; params: P };

/** A route handler that proves its actor and answers errors as problem details. */
export function defineRoute<P>(handle: (input: RouteInput<P>) => Promise<Response>) {
  return async (request: NextRequest, context: { params: Promise<P> }): Promise<Response> => {
    try {
      const actor = await requireActor(request);
      return await handle({ request, actor, params: await context.params });
    } catch (error) {
      unstable_rethrow(error);
      return problemResponse(error);
    }
  };
}
