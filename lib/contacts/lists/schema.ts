import { z } from "zod";
import { countSchema, idSchema, nameSchema } from "@/lib/kernel/fields/schema";

export const createContactListSchema = z.strictObject({ name: nameSchema });

export const renameContactListSchema = z.strictObject({
  id: idSchema,
  version: z.number().int().positive(),
  name: nameSchema,
});

export const deleteContactListSchema = z.strictObject({
  id: idSchema,
  /** Where its contacts go, and the accounts that save to it; null when the contacts are deleted. */
  moveTo: idSchema.nullable(),
});

export type DeleteContactList = z.output<typeof deleteContactListSchema>;

export const contactListSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  version: countSchema,
  contactCount: countSchema,
  accountCount: countSchema,
});
export type ContactListRow = z.input<typeof contactListSchema>;
export type ContactListChoice = Pick<ContactListRow, "id" | "name">;

/** What stops when a list is deleted. */
export type ContactListUse = {
  contactCount: number;
  accountCount: number;
  /** Of the first few accounts that save new senders to it. */
  accountNames: string[];
};
