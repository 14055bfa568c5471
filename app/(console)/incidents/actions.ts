"use server";

import { routes } from "@/components/routes";
import { defineAction } from "@/lib/http/action";
import { findIncidentCommand, testIncident } from "@/lib/watch/incidents/repair";
import { incidentIdSchema, testIncidentSchema } from "@/lib/watch/incidents/schema";

/** @returns the command for all accounts that the incident stops; null when something in it is not known */
export const findIncidentCommandAction = defineAction(incidentIdSchema, findIncidentCommand);

/** @returns the address of the test run */
export const testIncidentAction = defineAction(
  testIncidentSchema,
  async (actor, input): Promise<string> => routes.testRun(await testIncident(actor, input)),
  { revalidates: "/email/accounts" },
);
