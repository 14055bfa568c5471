import { z } from "zod";
import {
  countSchema,
  emailAddressSchema,
  hasInvisible,
  idSchema,
  timestampSchema,
} from "@/lib/kernel/fields/schema";

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

/** The answer of the mail server that accepted a message. */
export const sentMessageSchema = z.object({
  messageId: z.string(),
  response: z.string().describe("The server's response."),
  queueId: z
    .string()
    .nullable()
    .describe("The server's own id of the message, if its response has one."),
});
export type SentMessage = z.input<typeof sentMessageSchema>;

/** One of the newest messages of an INBOX. */
export const inboxMessageSchema = z.object({
  uid: countSchema,
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  sentAt: timestampSchema.nullable(),
  receivedAt: timestampSchema,
  messageId: z.string(),
  isSeen: z.boolean(),
  sizeBytes: countSchema,
});
export type InboxMessage = z.input<typeof inboxMessageSchema>;

/** How far a message that an account sends to itself has come; times in milliseconds from its start. */
export type RoundTripEvent =
  | { type: "sent"; afterMs: number; sent: SentMessage }
  | { type: "arrived"; afterMs: number }
  | { type: "missing"; afterMs: number }
  | { type: "error"; code: string; message: string; remedyId?: string };
