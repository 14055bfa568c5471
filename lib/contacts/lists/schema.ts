import { z } from "zod";
import * as is from "@/lib/kernel/answers/schema";
import { idSchema, nameSchema } from "@/lib/kernel/fields/schema";

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
  id: is.id,
  name: is.text,
  version: is.version,
  contactCount: is.count.describe("Number of contacts in the list."),
  accountCount: is.count,
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
