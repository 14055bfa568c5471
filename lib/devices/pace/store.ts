import "server-only";
import { pool } from "@/lib/kernel/db";
import type { Pace } from "./limits";

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

/** When a message may go, or which limit it would pass. */
type Turn = { waitMs: number; refusal: "pace" | "day" | null };

const MS = "interval '1 millisecond'";
const TAKE = {
  name: "take-message",
  text: `SELECT * FROM postkey_take_message($1, $2, $3 * ${MS}, $4, $5, $6 * ${MS}, $7, $8 * ${MS})`,
};

/** Takes the turn of a message with one recipient, which all gateways count together. */
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
  name: "add-recipient",
  text: `SELECT postkey_add_recipients($1, 1, $2) AS "hasRoom"`,
};

/** Takes one recipient more of the mailbox's day. @returns false when it has no more */
export async function takeRecipient(mailboxId: string, perDay: number): Promise<boolean> {
  const values = [mailboxId, perDay];
  const { rows } = await pool().query<{ hasRoom: boolean }>({ ...ADD, values });
  return rows[0]?.hasRoom === true;
}
