import { searchSchema } from "@/lib/kernel/paging/schema";
import { turnQuerySchema } from "@/lib/kernel/sections/schema";
import { listOpenIncidents } from "@/lib/watch/incidents/queries";
import { incidentSchema } from "@/lib/watch/incidents/schema";
import { ok, operationsOf, pageOf } from "../operation";

export const listIncidentsOperation = operationsOf("Incidents").define({
  at: "listIncidents: GET /api/incidents",
  summary: "The incidents that are open, a page at a time",
  permission: "incidents:read",
  query: turnQuerySchema({ limit: 200 }).extend({
    search: searchSchema.describe(
      "Words that what happened, what it is about or the name of one of its first accounts contains. Empty for all.",
    ),
  }),
  answer: ok("The largest impact first.", pageOf(incidentSchema)),
  handle: ({ actor, query }) => listOpenIncidents(actor, query),
});
