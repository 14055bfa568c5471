import "server-only";
import { pool } from "@/lib/kernel/db";
import type { Pace } from "./limits";

export type MessageLimits = {
  deviceId: string;
  /** The account under which its mailbox is counted. */
  mailboxId: string;
  ofDevice: Pace | null;
  ofMailbox: Pace | null;
  recipientsPerDay: number | null;
  /** A turn that comes later is not taken. */
  holdMs: number;
};

/** How many messages go within a moment, if they can go at once. */
export type Wanted = { wanted: number; momentMs: number };

/** When a message may go, or which limit it would pass. */
export type Turn = { waitMs: number; refusal: "pace" | "day" | null };

/** The turn of one message, and with it those of others that go within the moment. */
export type Turns = Turn & { taken: number; datedAt: Date };

const MS = "interval '1 millisecond'";
const TAKE = {
  name: "take-messages",
  text: `SELECT * FROM postkey_take_messages($1, $2, $3 * ${MS}, $4, $5, $6 * ${MS}, $7, $8 * ${MS}, $9, $10 * ${MS})`,
};

/**
 * Takes the turns of messages with one recipient each, which all gateways count together. Mail of Postkey itself is of
 * no device.
 */
export async function takeMessages(
  limits: Omit<MessageLimits, "deviceId"> & { deviceId: string | null },
  { wanted, momentMs }: Wanted,
): Promise<Turns> {
  const { deviceId, mailboxId, ofDevice, ofMailbox, recipientsPerDay, holdMs } = limits;
  const paceOf = (pace: Pace | null) => [pace?.most ?? null, pace?.spanMs ?? null];
  const mailbox = [mailboxId, ...paceOf(ofMailbox), recipientsPerDay];
  const values = [deviceId, ...paceOf(ofDevice), ...mailbox, holdMs, wanted, momentMs];
  const { rows } = await pool().query<Turns>({ ...TAKE, values });
  const [turns] = rows;
  if (!turns) throw new Error("The database gave no turn.");
  return turns;
}

const GIVE_BACK = {
  name: "give-messages-back",
  text: `SELECT postkey_give_messages_back($1, $2, $3, $4 * ${MS}, $5, $6)`,
};

/** Gives turns back that were taken together and that no message used. */
export async function giveMessagesBack(
  { deviceId, mailboxId, recipientsPerDay }: MessageLimits,
  { datedAt, momentMs, unused }: Pick<Turns, "datedAt"> & { momentMs: number; unused: number },
): Promise<void> {
  const values = [deviceId, mailboxId, datedAt, momentMs, unused, recipientsPerDay !== null];
  await pool().query({ ...GIVE_BACK, values });
}

const ADD = {
  name: "add-recipient",
  text: `SELECT postkey_add_recipients($1, 1, $2) AS "hasRoom"`,
};

/** Takes one recipient more of the mailbox's day. @returns false when it has no more */
export async function takeRecipient(mailboxId: string, perDay: number): Promise<boolean> {
  const values = [mailboxId, perDay];
  const { rows } = await pool().query<{ hasRoom: boolean }>({ ...ADD, values });
  return rows[0]?.hasRoom === true;
}
