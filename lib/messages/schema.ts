import { z } from "zod";
import * as is from "@/lib/kernel/answers/schema";
import { emailAddressSchema, hasInvisible, idSchema } from "@/lib/kernel/fields/schema";

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

export const messageSchema = z.strictObject({
  to: emailAddressSchema,
  subject: subjectSchema,
  text: z
    .string({ error: "Enter a text." })
    .max(TEXT_MAX, `Use at most ${TEXT_MAX} characters.`)
    .refine((text) => !/[^\P{Cc}\t\r\n]/u.test(text), {
      error: "The text contains control characters.",
    })
    .describe("Plain text. At most 100,000 characters."),
});
export type OutgoingMessage = z.output<typeof messageSchema>;

export const sendTestMessageSchema = z.strictObject({
  emailAccountId: idSchema,
  to: emailAddressSchema,
});

export const readInboxSchema = z.strictObject({ emailAccountId: idSchema });

export const sentMessageSchema = z.object({
  messageId: is.text,
  response: is.text.describe("The server's response."),
  queueId: is.maybeText.describe("The server's own id of the message, if its response has one."),
});
export type SentMessage = z.input<typeof sentMessageSchema>;

export const inboxMessageSchema = z.object({
  uid: is.maybeCount.describe("The UID in the INBOX. Null through Microsoft Graph."),
  from: is.text.describe("The address in From."),
  to: is.text.describe("One address."),
  subject: is.text.describe("One line. At most 200 characters."),
  sentAt: is.maybeTime.describe("The date that the message has."),
  receivedAt: is.time.describe("When the server got it."),
  messageId: is.text.describe("The Message-ID, with its angle brackets."),
  isSeen: is.flag.describe("`true` if the message was read."),
  sizeBytes: is.maybeCount.describe("Size in bytes. Null through Microsoft Graph."),
});
export type InboxMessage = z.input<typeof inboxMessageSchema>;

/** How far a message that an account sends to itself has come; times in milliseconds from its start. */
export type RoundTripEvent =
  | { type: "sent"; afterMs: number; sent: SentMessage }
  | { type: "arrived"; afterMs: number }
  | { type: "missing"; afterMs: number }
  | { type: "error"; code: string; message: string; remedyId?: string };
