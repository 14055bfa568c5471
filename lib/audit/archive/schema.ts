import { z } from "zod";

/** A line of an archive: an event as it stood in the table. */
export const archivedEventSchema = z.strictObject({
  id: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  actorKind: z.string(),
  actorId: z.string(),
  actorName: z.string(),
  action: z.string(),
  objectKind: z.string(),
  objectId: z.string(),
  objectName: z.string(),
  detail: z.unknown(),
  address: z.string().nullable(),
  hash: z.string().nullable(),
});

export type ArchivedEvent = z.output<typeof archivedEventSchema>;

/** A file with the events from one id to another. */
export type Archive = {
  file: string;
  firstId: string;
  lastId: string;
  events: number;
  /** SHA-256 of its lines, before they were compressed. */
  sha256: string;
};
