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
  /** Null: the contacts are deleted. */
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

export type ContactListUse = {
  contactCount: number;
  accountCount: number;
  /** The first few. */
  accountNames: string[];
};
