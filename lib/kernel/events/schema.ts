import { z } from "zod";

/**
 * What an open page is told: which kind of thing changed, so that pages that show it load again, and
 * at times one sentence for people. Never data: each page fetches what its own actor may see.
 */
export const noticeSchema = z.object({
  type: z.enum([
    "cloud_provider",
    "email_account",
    "contact",
    "keeper",
    "incident",
    "alert",
    "test_run",
    "device",
  ]),
  id: z.string(),
  message: z
    .object({
      tone: z.enum(["success", "problem"]),
      text: z.string(),
      /** The administrator who caused it: his own page says it already. */
      causedBy: z.string().optional(),
    })
    .optional(),
});

export type Notice = z.infer<typeof noticeSchema>;
