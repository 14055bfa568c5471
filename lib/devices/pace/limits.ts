import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { type MailService, mailService } from "@/lib/mail/services/schema";

/** So many messages in any such span of time. */
export type Pace = { most: number; spanMs: number };

/** A turn further ahead was promised by a wrong clock, and is forgotten. */
export const HOLD_MS = 30 * SECOND_MS;

/** The service counts from when messages arrive, and some are under way longer than others. */
const UNDER_WAY_MS = SECOND_MS;
/** Of each message in a span its time is kept: of more, a part of the span is counted. */
const MOST_KEPT = 60;

export function limitsOfMailbox(service: MailService): {
  pace: Pace | null;
  recipientsPerDay: number | null;
} {
  const { messagesPerMinute, recipientsPerDay } = mailService(service).sending;
  if (messagesPerMinute === null) return { pace: null, recipientsPerDay };
  const { messages, seconds } = env().mailboxPace ?? { messages: messagesPerMinute, seconds: 60 };
  const spanMs = seconds * SECOND_MS + UNDER_WAY_MS;
  return { pace: evenly({ most: messages, spanMs }), recipientsPerDay };
}

export function paceOfDevice(messagesPerMinute: number | null): Pace | null {
  return messagesPerMinute === null ? null : evenly({ most: messagesPerMinute, spanMs: MINUTE_MS });
}

function evenly({ most, spanMs }: Pace): Pace {
  const parts = Math.ceil(most / MOST_KEPT);
  const ofPart = Math.floor(most / parts);
  return { most: ofPart, spanMs: (spanMs * ofPart) / most };
}
