import { requireActor } from "@/lib/auth/request";
import { env } from "@/lib/env";
import { openApiDocument } from "@/lib/http/api/openapi";
import { problemResponse } from "@/lib/http/problem";

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
