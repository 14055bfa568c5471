import type { NextRequest } from "next/server";
import { requireCalendarActor } from "@/lib/http/auth/api-key";
import { problemResponse } from "@/lib/http/problem";
import { wallTime } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { toIcs } from "@/lib/watch/calendar/ics";
import { listExpiries } from "@/lib/watch/calendar/queries";

export const dynamic = "force-dynamic";

/** Longer than any secret lives. */
const DAYS = 800;

/** The address is the proof. */
export async function GET(
  _request: NextRequest,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  try {
    const { token } = await params;
    const actor = await requireCalendarActor(token.replace(/\.ics$/, ""));
    const { url } = env();
    const calendar = toIcs(await listExpiries(actor, DAYS), {
      now: wallTime(),
      host: url.hostname,
      urlOf: ({ cloudProviderId: id }) =>
        new URL(id ? `/settings/cloud-providers/${id}` : "/email/migration", url).href,
    });
    return new Response(calendar, {
      headers: {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": 'inline; filename="postkey.ics"',
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    return problemResponse(error);
  }
}
