// The least that a route of this framework can do. It is copied into the benchmark's own build as
// app/api/bench/route.ts, and is no part of the product.

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  return Response.json({ status: "ok" });
}
