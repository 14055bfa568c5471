import type { z } from "zod";
import type { createAlertChannelSchema } from "@/lib/watch/alerts/schema";

export type ChannelValues = z.input<typeof createAlertChannelSchema>;
