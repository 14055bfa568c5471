import { defineRoute } from "@/lib/http/route";
import { searchRemedies } from "@/lib/remedies/search";

export const dynamic = "force-dynamic";

/**
 * The error catalogue for programs, for everybody who was authenticated: it says nothing about this
 * installation. Commands and links have their placeholders in braces. `?search=` takes a code, words,
 * or what a server said.
 */
export const GET = defineRoute(async ({ request }) => {
  const errors = searchRemedies(request.nextUrl.searchParams.get("search") ?? "");
  return Response.json({ errors }, { headers: { "cache-control": "no-store" } });
});
