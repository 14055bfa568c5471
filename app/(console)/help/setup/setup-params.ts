import { z } from "zod";

/** How mailboxes sign in, as the guide asks it. */
export const WAYS = [
  { value: "delegated", label: "Each mailbox signs in (delegated)" },
  { value: "app_only", label: "The application by itself (app-only)" },
] as const;

/** Unusable parameters fall back to what most people need. */
export const setupParamsSchema = z.object({
  way: z.enum(["delegated", "app_only"]).catch("delegated"),
  cloud: z.string().max(32).catch(""),
  tenant: z.string().max(1_024).catch(""),
});

export type SetupParams = z.output<typeof setupParamsSchema>;
