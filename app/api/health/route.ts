import { getHealthOperation } from "@/lib/http/api/operations/monitoring";
import { serve } from "@/lib/http/api/serve";
import { findActor } from "@/lib/http/auth/request";
import { problemResponse } from "@/lib/http/problem";
import { withStartId } from "@/lib/kernel/supervisor";
import { isDatabaseAnswering } from "@/lib/watch/health/queries";

export const dynamic = "force-dynamic";

const serveHealth = serve(getHealthOperation);

/**
 * For load balancers: whether this process can serve, and nothing else. Administrators and programs
 * with a key are told how web, keeper and database are, each on its own.
 */
export async function GET(request: Request): Promise<Response> {
  return withStartId(request, await answer(request));
}

async function answer(request: Request): Promise<Response> {
  if (!(await isDatabaseAnswering()))
    return Response.json({ status: "unavailable" }, { status: 503 });
  try {
    const isKnown = request.headers.has("authorization") || (await findActor(request)) !== null;
    return isKnown ? await serveHealth(request) : Response.json({ status: "ok" });
  } catch (error) {
    return problemResponse(error);
  }
}
