import { z } from "zod";
import { wallTime } from "@/lib/kernel/clock";
import { MAX_HEADER_BYTES } from "../header-fields";
import type { ReceivedMessage } from "../inbox";

const text = z.string().catch("");
const personSchema = z
  .object({ emailAddress: z.object({ name: text, address: text }) })
  .transform(({ emailAddress }) => emailAddress);
const peopleSchema = z.array(personSchema).catch([]);

/** Microsoft Graph's message. One that was changed brings less, and one that went `@removed`. */
const rowSchema = z.object({
  receivedDateTime: z.iso.datetime({ offset: true }),
  sentDateTime: text,
  subject: text,
  internetMessageId: text,
  isRead: z.boolean().catch(false),
  from: personSchema.nullish().catch(null),
  replyTo: peopleSchema,
  toRecipients: peopleSchema,
  internetMessageHeaders: z
    .array(z.object({ name: text, value: text }).catch({ name: "", value: "" }))
    .catch([]),
});
type MessageRow = z.output<typeof rowSchema>;

export const SELECTED =
  "id,subject,from,replyTo,toRecipients,sentDateTime,receivedDateTime,internetMessageId,isRead";

/** Those that are messages. */
export function rowsIn(value: readonly unknown[]): MessageRow[] {
  return value.flatMap((row) => rowSchema.safeParse(row).data ?? []);
}

/** As a header, so that one reader reads what came over IMAP too. */
export function receivedFrom(row: MessageRow): ReceivedMessage {
  const own = [
    ["From", row.from ? [row.from].map(inWords).join() : ""],
    ["Reply-To", row.replyTo.map(inWords).join(", ")],
    ["To", row.toRecipients.map(inWords).join(", ")],
    ["Subject", row.subject],
    ["Date", row.sentDateTime],
    ["Message-ID", row.internetMessageId],
  ] as const;
  const known = new Set(own.map(([name]) => name.toLowerCase()));
  const others = row.internetMessageHeaders
    .filter(({ name }) => FIELD_NAME.test(name) && !known.has(name.toLowerCase()))
    .map(({ name, value }) => [name, value] as const);
  const fields = [...own, ...others].filter(([, value]) => value !== "");
  const lines = fields.map(([name, value]) => `${name}: ${oneLine(value)}\r\n`);
  const header = Buffer.from(lines.join("")).subarray(0, MAX_HEADER_BYTES);
  const receivedAt = new Date(row.receivedDateTime);
  const now = wallTime();
  // A day that never was is in no calendar of the database.
  return { receivedAt: receivedAt > EPOCH && receivedAt < now ? receivedAt : now, header };
}

const EPOCH = new Date(0);

/** RFC 5322 §3.6.8 */
const FIELD_NAME = /^[!-9;-~]+$/;

const oneLine = (value: string) => value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

function inWords({ name, address }: { name: string; address: string }): string {
  if (name === "" || name === address) return address;
  return `"${name.replace(/["\\]/g, "\\$&")}" <${address}>`;
}
