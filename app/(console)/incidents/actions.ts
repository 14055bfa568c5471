"use server";

import { routes } from "@/components/routes";
import { actionOf, defineAction } from "@/lib/http/action";
import { endSilence, silenceIncident } from "@/lib/watch/incidents/mutations";
import { testIncident } from "@/lib/watch/incidents/repair";
import { testIncidentSchema } from "@/lib/watch/incidents/schema";

/** @returns the address of the test run */
export const testIncidentAction = defineAction(
  testIncidentSchema,
  async (actor, input): Promise<string> => routes.testRun(await testIncident(actor, input)),
  { revalidates: "/email/accounts" },
);

const revalidates = "/incidents";

export const silenceIncidentAction = actionOf(silenceIncident, { revalidates });
export const endSilenceAction = actionOf(endSilence, { revalidates });
