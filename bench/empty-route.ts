// The least that a route of this framework can do: app/api/bench/route.ts of the benchmark's own build.

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  return Response.json({ status: "ok" });
}
