import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { NO_LETTER_CHANNEL } from "@/lib/letters/schema";
import type { MailChannel } from "../alerts/channels/mail";
import { targetSchema } from "../alerts/schema";

export type LetterChannel = MailChannel & { version: number };

/** @throws AppError conflict */
export async function findLetterChannel(): Promise<LetterChannel> {
  const row = await db().alertChannel.findFirst({
    where: { sendsLinks: true, enabled: true },
    select: { id: true, target: true, secretSealed: true, version: true },
  });
  const target = row && targetSchema.parse(row.target);
  if (!target || target.kind === "webhook") throw new AppError("conflict", NO_LETTER_CHANNEL);
  const { id: alertChannelId, secretSealed, version } = row;
  return { alertChannelId, target, secretSealed, version };
}
