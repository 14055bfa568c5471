import type { z } from "zod";
import type { createAlertChannelSchema } from "@/lib/watch/alerts/schema";

/** The fields of a channel while they are filled in: a new one's, and of the form that edits one. */
export type ChannelValues = z.input<typeof createAlertChannelSchema>;
