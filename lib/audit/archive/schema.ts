import { z } from "zod";

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

export type Archive = {
  file: string;
  firstId: string;
  lastId: string;
  events: number;
  /** Covers its lines before compression. */
  sha256: string;
};
