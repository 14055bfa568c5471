import { z } from "zod";
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

export type CreateContactList = z.output<typeof createContactListSchema>;
export type RenameContactList = z.output<typeof renameContactListSchema>;
export type DeleteContactList = z.output<typeof deleteContactListSchema>;

export const CONTACT_LIST_SORTS = ["name", "contacts", "accounts"] as const;
export type ContactListSort = (typeof CONTACT_LIST_SORTS)[number];

/** What a chip above the lists shows alone. */
export const CONTACT_LIST_VIEWS = ["empty", "unused"] as const;
export type ContactListView = (typeof CONTACT_LIST_VIEWS)[number];

export const CONTACT_LIST_VIEW_LABELS: Readonly<Record<ContactListView, string>> = {
  empty: "Without contacts",
  unused: "Without accounts",
};

export const contactListFilterSchema = z.object({
  view: z.enum(CONTACT_LIST_VIEWS, { error: "This view does not exist." }).optional(),
});
export type ContactListFilters = z.output<typeof contactListFilterSchema>;

export type ContactListChoice = { id: string; name: string };
export type ContactListRow = ContactListChoice & {
  version: number;
  contactCount: number;
  accountCount: number;
};

/** What stops when a list is deleted. */
export type ContactListUse = {
  contactCount: number;
  accountCount: number;
  /** Of the first few accounts that save new senders to it. */
  accountNames: string[];
};
