import { AppError } from "@/lib/errors";
import { eventStream } from "@/lib/http/event-stream";
import { defineRoute } from "@/lib/http/route";

export const dynamic = "force-dynamic";

export const GET = defineRoute(async ({ request, actor }) => {
  if (!actor.sessionId) throw new AppError("access_denied", "This stream is for browsers.");
  const lastEventId = request.headers.get("last-event-id");
  return eventStream({ sessionId: actor.sessionId, lastEventId, signal: request.signal });
});
