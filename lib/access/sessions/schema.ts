import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";

export const endSessionSchema = z.strictObject({ id: idSchema });
export const endOtherSessionsSchema = z.strictObject({});
export const endSessionsOfSchema = z.strictObject({ administratorId: idSchema });

export type SessionRow = {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  /** Such as “Firefox on Windows”; "" where it is unknown. */
  browser: string;
  /** Where it began; null where it is unknown. */
  address: string | null;
  /** The one that asks. */
  isThis: boolean;
};
