import { z } from "zod";

/** What a letter brings to one person: always a one-time link. */
export type LetterKind =
  /** An owner is to sign a mailbox in: a person asks, or the sign-in lapsed. */
  | "sign_in_link"
  | "lapsed"
  /** The same link once more, before it ends. */
  | "reminder"
  | "invitation"
  | "password_link";

export type Letter = {
  kind: LetterKind;
  /** Of its link: a letter whose link is void is not sent. */
  tokenHash: string;
  recipient: string;
  subject: string;
  /** Plain text, with the link. */
  text: string;
  /** When the link ends. */
  expiresAt: Date;
  /** Not before then; at once unless told. */
  dueAt?: Date;
};

export const LETTER_STATES = ["waiting", "sent", "failed"] as const;

/** What became of a letter, as it is shown beside its link. */
export const shownLetterSchema = z.object({
  state: z.enum(LETTER_STATES),
  recipient: z.string(),
  attempts: z.int(),
  attemptedAt: z.date().nullable(),
  sentAt: z.date().nullable(),
  result: z.string().nullable(),
});

/** The mail with a link, and its reminder. */
export type LettersOfLink = {
  letter: z.output<typeof shownLetterSchema>;
  /** When its reminder goes out, and when it did. */
  remindsAt: Date | null;
  remindedAt: Date | null;
};

/** Said where no channel sends links: to others, and to those who can switch one on. */
export const NO_LETTER_CHANNEL =
  "Postkey has no channel that sends links to people. Ask an administrator to open a mail channel in Settings → Alerts and switch on “Also sends links to people”.";
export const SWITCH_LETTERS_ON =
  "Postkey has no channel that sends links to people. In Settings → Alerts, open a mail channel and switch on “Also sends links to people”.";
