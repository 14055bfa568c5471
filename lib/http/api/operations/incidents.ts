import { z } from "zod";
import { searchSchema } from "@/lib/kernel/paging/schema";
import { turnQuerySchema } from "@/lib/kernel/turns/schema";
import { listOpenIncidents } from "@/lib/watch/incidents/queries";
import { incidentKindSchema } from "@/lib/watch/incidents/schema";
import { pageOf, timestamp } from "../answers";
import { defineOperation } from "../operation";

const incident = z.object({
  id: z.uuid(),
  kind: incidentKindSchema,
  remedyId: z.string(),
  title: z.string(),
  nextStep: z.string(),
  subject: z.string(),
  accounts: z.number().int().describe("Number of accounts that it stops now."),
  openedAt: timestamp,
  firstOpenedAt: timestamp.nullable(),
  announcedAt: timestamp.nullable(),
  quietSince: timestamp.nullable(),
});

export const listIncidentsOperation = defineOperation({
  id: "listIncidents",
  method: "GET",
  path: "/api/incidents",
  tag: "Incidents",
  summary: "The incidents that are open, a page at a time",
  permission: "incidents:read",
  query: turnQuerySchema({ limit: 200 }).extend({
    search: searchSchema,
  }),
  answer: {
    status: 200,
    description: "The largest impact first.",
    schema: z.object({
      incidents: z.array(incident),
      ...pageOf(incident).omit({ rows: true }).shape,
    }),
  },
  async handle({ actor, query }) {
    const { rows, ...page } = await listOpenIncidents(actor, query);
    return { incidents: rows, ...page };
  },
});
