import { z } from "zod";
import { listOpenIncidents } from "@/lib/watch/incidents/queries";
import { timestamp } from "../answers";
import { defineOperation } from "../operation";

export const listIncidentsOperation = defineOperation({
  id: "listIncidents",
  method: "GET",
  path: "/api/incidents",
  tag: "Incidents",
  summary: "The incidents that are open",
  permission: "incidents:read",
  answer: {
    status: 200,
    description: "The largest impact first.",
    schema: z.object({
      incidents: z.array(
        z.object({
          id: z.uuid(),
          kind: z.string(),
          remedyId: z.string(),
          title: z.string(),
          nextStep: z.string(),
          subject: z.string(),
          accounts: z.number().int().describe("How many accounts it stops now."),
          openedAt: timestamp,
          announcedAt: timestamp.nullable(),
        }),
      ),
    }),
  },
  handle: async ({ actor }) => ({ incidents: await listOpenIncidents(actor) }),
});
