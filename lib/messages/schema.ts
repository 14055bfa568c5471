import { z } from "zod";
import { emailAddressSchema, hasInvisible, idSchema } from "@/lib/kernel/fields/schema";

/** Messages of an inbox that are read at once. */
export const NEWEST_SHOWN = 20;
const SUBJECT_MAX = 200;
const TEXT_MAX = 100_000;

/** One line: a line break would begin another field of the header (RFC 5322 §2.2). */
const subjectSchema = z
  .string({ error: "Enter a subject." })
  .max(SUBJECT_MAX, `Use at most ${SUBJECT_MAX} characters.`)
  .transform((text) => text.normalize("NFC").trim())
  .refine((text) => text !== "", { error: "Enter a subject." })
  .refine((text) => !hasInvisible(text), {
    error: "The subject contains invisible or control characters.",
  });

const textSchema = z
  .string({ error: "Enter a text." })
  .max(TEXT_MAX, `Use at most ${TEXT_MAX} characters.`)
  .refine((text) => !/[^\P{Cc}\t\r\n]/u.test(text), {
    error: "The text contains control characters.",
  });

export const messageSchema = z.strictObject({
  to: emailAddressSchema,
  subject: subjectSchema,
  text: textSchema,
});
export type OutgoingMessage = z.output<typeof messageSchema>;

export const sendTestMessageSchema = z.strictObject({
  emailAccountId: idSchema,
  to: emailAddressSchema,
});

export const readInboxSchema = z.strictObject({ emailAccountId: idSchema });

/** What became of a message that a server took. */
export type SentMessage = {
  messageId: string;
  /** What the server answered, safe to show. */
  response: string;
  /** The server's own name for it, where its answer has one: what its log is searched for. */
  queueId: string | null;
};

/** One of the newest messages of an INBOX. */
export type InboxMessage = {
  uid: number;
  from: string;
  to: string;
  subject: string;
  sentAt: Date | null;
  receivedAt: Date;
  messageId: string;
  isSeen: boolean;
  sizeBytes: number;
};

/** How far a message that an account sends to itself has come; times in milliseconds from its start. */
export type RoundTripEvent =
  | { type: "sent"; afterMs: number; sent: SentMessage }
  | { type: "arrived"; afterMs: number }
  | { type: "missing"; afterMs: number }
  | { type: "error"; code: string; message: string; remedyId?: string };
