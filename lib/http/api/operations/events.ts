import { z } from "zod";
import { isSessionAlive } from "@/lib/access/administrators/store";
import { isKeyValid } from "@/lib/access/api-keys/store";
import { eventStream } from "@/lib/http/event-stream";
import { takeStreamPlace } from "@/lib/kernel/events/stream-places";
import { defineOperation } from "../operation";

export const followEventsOperation = defineOperation({
  id: "followEvents",
  method: "GET",
  path: "/api/events",
  tag: "Events",
  summary: "What changes, as it changes",
  description:
    "Server-sent events. Each `notice` names the kind of thing and its id, and at times a message for people; fetch what you need to know. With `Last-Event-ID` it goes on where it broke off; `resync` says that this is not possible any more and everything has to be fetched again. A stream lasts half an hour at the most: connect again, as an `EventSource` does by itself.",
  permission: "events:read",
  query: z.strictObject({
    lastEventId: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional()
      .describe("For a first connection; the header counts where both are there."),
  }),
  answer: { status: 200, description: "The stream.", contentType: "text/event-stream" },
  async handle({ actor, request, query }) {
    const { sessionId, id } = actor;
    const giveBack = takeStreamPlace(actor);
    return eventStream({
      onEnd: giveBack,
      isStillSomebody: () => (sessionId ? isSessionAlive(sessionId) : isKeyValid(id)),
      lastEventId: request.headers.get("last-event-id") ?? query.lastEventId ?? null,
      signal: request.signal,
    });
  },
});
