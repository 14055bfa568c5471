import { z } from "zod";
import { emailAddressSchema, idSchema, nameSchema } from "@/lib/fields/schema";

export const createContactListSchema = z.strictObject({ name: nameSchema });

export const createContactSchema = z.strictObject({
  contactListId: idSchema,
  name: z.union([z.literal(""), nameSchema]),
  email: emailAddressSchema,
});

export type CreateContactList = z.output<typeof createContactListSchema>;
export type CreateContact = z.output<typeof createContactSchema>;

export const CONTACT_SORTS = ["email", "created"] as const;
export type ContactSort = (typeof CONTACT_SORTS)[number];

export type ContactListChoice = { id: string; name: string };
export type ContactListRow = ContactListChoice & { contactCount: number; accountCount: number };

export type ContactRow = {
  id: string;
  name: string;
  email: string;
  listName: string;
  createdAt: Date;
};
