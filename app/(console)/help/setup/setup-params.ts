import { z } from "zod";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";

/** How mailboxes sign in, as the guide asks it. */
export const MICROSOFT_WAYS = [
  { value: "delegated", label: "Each mailbox signs in (delegated)" },
  { value: "app_only", label: "The application by itself (app-only)" },
] as const;

export const GOOGLE_WAYS = [
  { value: "delegated", label: "Each mailbox signs in (delegated)" },
  { value: "domain_wide", label: "A service account opens them (Google Workspace)" },
] as const;

export type MicrosoftWay = (typeof MICROSOFT_WAYS)[number]["value"];
export type GoogleWay = (typeof GOOGLE_WAYS)[number]["value"];

/** Unusable parameters fall back to what most people need. */
export const setupParamsSchema = z.object({
  way: z.enum(["delegated", "app_only"]).catch("delegated"),
  cloud: z.string().max(32).catch(""),
  tenant: z.string().max(1_024).catch(""),
});

export type SetupParams = z.output<typeof setupParamsSchema>;

export const googleSetupParamsSchema = z.object({ way: z.enum(GOOGLE_GRANTS).catch("delegated") });
