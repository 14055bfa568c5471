import { z } from "zod";
import { words } from "@/lib/kernel/words";

/** Never data: each page fetches what its actor may see. */
export const noticeSchema = z.object({
  type: z.enum(words("cloud_provider email_account contact keeper incident alert test_run device")),
  id: z.string(),
  message: z
    .object({
      tone: z.enum(["success", "problem"]),
      text: z.string(),
      /** Their own page says it already. */
      causedBy: z.string().optional(),
    })
    .optional(),
});

export type Notice = z.infer<typeof noticeSchema>;
