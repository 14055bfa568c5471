import { z } from "zod";

export type LetterKind =
  | "sign_in_link"
  | "lapsed"
  /** The same link, before it ends. */
  | "reminder"
  | "invitation"
  | "password_link";

export type Letter = {
  kind: LetterKind;
  /** A letter with a void link is not sent. */
  tokenHash: string;
  recipient: string;
  subject: string;
  text: string;
  expiresAt: Date;
  dueAt?: Date;
};

export const LETTER_STATES = ["waiting", "sent", "failed"] as const;

export const shownLetterSchema = z.object({
  state: z.enum(LETTER_STATES),
  recipient: z.string(),
  attempts: z.int(),
  attemptedAt: z.date().nullable(),
  sentAt: z.date().nullable(),
  result: z.string().nullable(),
});

export type LettersOfLink = {
  letter: z.output<typeof shownLetterSchema>;
  remindsAt: Date | null;
  remindedAt: Date | null;
};

export const NO_LETTER_CHANNEL =
  "Postkey has no channel that sends links to people. Ask an administrator to open a mail channel in Settings → Alerts and switch on “Also sends links to people”.";
export const SWITCH_LETTERS_ON =
  "Postkey has no channel that sends links to people. In Settings → Alerts, open a mail channel and switch on “Also sends links to people”.";
