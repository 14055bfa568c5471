import type { NextRequest } from "next/server";
import { findActor } from "@/lib/auth/request";
import { isDatabaseAnswering, readHealth } from "@/lib/health/queries";
import { problemResponse } from "@/lib/http/problem";

export const dynamic = "force-dynamic";

/**
 * For load balancers: whether this process can serve, and nothing else. Administrators and programs
 * with a key are told how web, keeper and database are, each on its own.
 */
export async function GET(request: NextRequest): Promise<Response> {
  if (!(await isDatabaseAnswering()))
    return Response.json({ status: "unavailable" }, { status: 503 });
  try {
    const actor = await findActor(request);
    return Response.json(actor ? await readHealth(actor) : { status: "ok" });
  } catch (error) {
    return problemResponse(error);
  }
}
