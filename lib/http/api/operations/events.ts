import { z } from "zod";
import { eventStream } from "@/lib/http/event-stream";
import type { Notice } from "@/lib/kernel/events/schema";
import { takeStreamPlace } from "@/lib/kernel/events/stream-places";
import { isSessionAlive } from "@/lib/people/administrators/store";
import { isKeyValid } from "@/lib/programs/store";
import { operationsOf } from "../operation";

/** What each type tells, and what its `id` is of. */
const EVENT_TEXTS: Readonly<Record<Notice["type"], string>> = {
  cloud_provider: "a cloud provider, its credential or its sign-ins changed",
  email_account: "an email account changed; without an id, several did",
  contact: "contacts changed; the id is that of their list",
  keeper: "a keeper started or stopped",
  incident: "an incident opened, changed or was resolved",
  alert: "an alert was raised or delivered",
  test_run: "a test run made progress",
  device: "a device changed, signed in or was refused; the id is the device's",
};

const TYPES = Object.entries(EVENT_TEXTS).map(([type, text]) => `- \`${type}\`: ${text}`);

export const followEventsOperation = operationsOf("Events").define({
  at: "followEvents: GET /api/events",
  summary: "What changes, as it changes",
  description: [
    "Server-sent events. The data of each `notice` is a JSON object with `type`, `id` and, at times, `message` for people (`tone`, `text`); fetch what you need to know. The types:",
    TYPES.join("\n"),
    "With `Last-Event-ID` the stream continues where it broke off; `resync` says that this is no longer possible: fetch everything again. A stream lasts at most half an hour: connect again, as an `EventSource` does automatically.",
  ].join("\n\n"),
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
