import { z } from "zod";

/** The parts of answers: what comes from the database, as JSON has it. */

export const id = z.uuid();
export const maybeId = id.nullable();
export const text = z.string();
export const maybeText = text.nullable();
export const texts = z.array(text);
export const flag = z.boolean();
export const count = z.number().int();
export const version = count.describe(
  "Goes up by one with every change. Send the one that you read: if another one is stored, nothing is changed.",
);
export const maybeCount = count.nullable();
/** RFC 3339, in UTC. */
export const time = z
  .date()
  .transform((date) => date.toISOString())
  .pipe(z.iso.datetime());
export const maybeTime = time.nullable();
