import { openApiDocument } from "@/lib/http/api/openapi";
import { requireActor } from "@/lib/http/auth/request";
import { problemResponse } from "@/lib/http/problem";
import { env } from "@/lib/kernel/env";

export const dynamic = "force-dynamic";

/** The description of the API, for everybody who was authenticated: OpenAPI 3.1. */
export async function GET(request: Request): Promise<Response> {
  try {
    await requireActor(request);
    return Response.json(openApiDocument(env().url.origin), {
      headers: { "cache-control": "no-store" },
    });
  } catch (error) {
    return problemResponse(error);
  }
}
