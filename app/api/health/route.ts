import { pool } from "@/lib/db";

export const dynamic = "force-dynamic";

/** For load balancers: whether this process can serve. Tells nothing else. */
export async function GET(): Promise<Response> {
  try {
    await pool().query("SELECT 1");
    return Response.json({ status: "ok" });
  } catch {
    return Response.json({ status: "unavailable" }, { status: 503 });
  }
}
