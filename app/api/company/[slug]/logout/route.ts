import { problemResponse } from "@/lib/http/problem";
import { readBody } from "@/lib/http/read-body";
import { endByCompany } from "@/lib/people/company/leaving/mutations";

export const dynamic = "force-dynamic";

const MAX_BYTES = 64 * 1024;

/** OpenID Connect Back-Channel Logout §2.5: the signed token is the proof. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ slug: string }> },
): Promise<Response> {
  try {
    const form = new URLSearchParams((await readBody(request, MAX_BYTES)).toString());
    const isEnded = await endByCompany((await params).slug, form.get("logout_token") ?? "");
    const headers = { "cache-control": "no-store" };
    if (isEnded) return new Response(null, { status: 200, headers });
    return Response.json({ error: "invalid_request" }, { status: 400, headers });
  } catch (error) {
    return problemResponse(error);
  }
}
