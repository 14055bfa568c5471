import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
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

export type MessageLimits = {
  /** Null for mail of Postkey itself. */
  deviceId: string | null;
  /** The account under which its mailbox is counted. */
  mailboxId: string;
  ofDevice: Pace | null;
  ofMailbox: Pace | null;
  recipientsPerDay: number | null;
  /** A turn that comes later is not taken. */
  holdMs: number;
};

type Turn = { waitMs: number; refusal: "pace" | "day" | null };

const MS = "interval '1 millisecond'";
const TAKE = {
  name: "take-message",
  text: `SELECT * FROM postkey_take_message($1, $2, $3 * ${MS}, $4, $5, $6 * ${MS}, $7, $8 * ${MS})`,
};

export async function takeMessage(limits: MessageLimits): Promise<Turn> {
  const { deviceId, mailboxId, ofDevice, ofMailbox, recipientsPerDay, holdMs } = limits;
  const paceOf = (pace: Pace | null) => [pace?.most ?? null, pace?.spanMs ?? null];
  const mailbox = [mailboxId, ...paceOf(ofMailbox), recipientsPerDay];
  const values = [deviceId, ...paceOf(ofDevice), ...mailbox, holdMs];
  const { rows } = await pool().query<Turn>({ ...TAKE, values });
  const [turn] = rows;
  if (!turn) throw new Error("The database gave no turn.");
  return turn;
}

const ADD = {
  name: "add-recipients",
  text: `SELECT postkey_add_recipients($1, $2, $3) AS "hasRoom"`,
};

type Recipients = { count: number; perDay: number };

/** @returns false, and none is counted, when there is no room for all of them */
export async function takeRecipients(
  mailboxId: string,
  { count, perDay }: Recipients,
): Promise<boolean> {
  const values = [mailboxId, count, perDay];
  const { rows } = await pool().query<{ hasRoom: boolean }>({ ...ADD, values });
  return rows[0]?.hasRoom === true;
}
