"use server";

import { preflight } from "@/lib/cloud-providers/preflight/run";
import { providerUseSchema } from "@/lib/cloud-providers/schema";
import { defineAction } from "@/lib/http/action";

/** @returns what harmless requests found out; a wrong value is a normal result */
export const preflightAction = defineAction(providerUseSchema, (actor, { cloudProviderId }) =>
  preflight(actor, cloudProviderId),
);
