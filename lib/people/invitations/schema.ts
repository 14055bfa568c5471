import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import type { Role } from "../roles/schema";

export const invitationIdSchema = z.strictObject({ id: idSchema });

/** An unused invitation. */
export type InvitationRow = {
  id: string;
  role: Role;
  /** For whom it is, where that was said. */
  email: string | null;
  name: string | null;
  invitedByName: string;
  createdAt: Date;
  expiresAt: Date;
  /** Its link lets no one in any more. */
  isExpired: boolean;
};
