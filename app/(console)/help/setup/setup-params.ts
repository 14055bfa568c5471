import { z } from "zod";
import type { Grant } from "@/lib/oauth/schema";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";

export const MICROSOFT_WAYS = ["delegated", "app_only"] as const satisfies readonly Grant[];

export type MicrosoftWay = (typeof MICROSOFT_WAYS)[number];

/** Invalid parameters fall back to the usual. */
export const setupParamsSchema = z.object({
  way: z.enum(MICROSOFT_WAYS).catch("delegated"),
  cloud: z.string().max(32).catch(""),
  tenant: z.string().max(1_024).catch(""),
});

export type SetupParams = z.output<typeof setupParamsSchema>;

export const googleSetupParamsSchema = z.object({ way: z.enum(GOOGLE_GRANTS).catch("delegated") });
