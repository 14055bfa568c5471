import "server-only";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { NO_LETTER_CHANNEL } from "@/lib/letters/schema";
import type { MailChannel } from "../alerts/channels/mail";
import { targetSchema } from "../alerts/schema";

/** The one channel through which links go to people. @throws AppError conflict */
export async function findLetterChannel(): Promise<MailChannel> {
  const row = await db().alertChannel.findFirst({
    where: { sendsLinks: true, enabled: true },
    select: { id: true, target: true, secretSealed: true },
  });
  const target = row && targetSchema.parse(row.target);
  if (!target || target.kind === "webhook") throw new AppError("conflict", NO_LETTER_CHANNEL);
  return { alertChannelId: row.id, target, secretSealed: row.secretSealed };
}

/** Whether links still go through this channel. @throws AppError conflict */
export async function requireLetterChannel(alertChannelId: string): Promise<void> {
  if ((await findLetterChannel()).alertChannelId !== alertChannelId)
    throw new AppError("conflict", NO_LETTER_CHANNEL);
}
