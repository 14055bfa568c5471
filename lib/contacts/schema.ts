import { z } from "zod";
import {
  filledIn,
  idSchema,
  internationalAddressSchema,
  nameSchema,
} from "@/lib/kernel/fields/schema";

/** Many senders have no name: it may be left out. */
export const contactNameSchema = z.union([z.literal(""), nameSchema]);

export const createContactSchema = z.strictObject({
  contactListId: idSchema,
  name: filledIn(contactNameSchema, ""),
  email: internationalAddressSchema,
});

const seenSchema = { id: idSchema, version: z.number().int().positive() };

export const updateContactSchema = z.strictObject({ ...seenSchema, ...createContactSchema.shape });

/** More than a page shows at once; each of them is a line of the audit trail. */
const SELECTED_MAX = 100;

const contactsSchema = z
  .array(z.strictObject(seenSchema))
  .max(SELECTED_MAX, `Select at most ${SELECTED_MAX} contacts.`);
const someContactsSchema = contactsSchema.min(1, "Select a contact.");

export const moveContactsSchema = z.strictObject({
  contacts: someContactsSchema,
  contactListId: idSchema,
});

export const deleteContactsSchema = z.strictObject({ contacts: someContactsSchema });

export const mergeContactsSchema = z
  .strictObject({
    contacts: contactsSchema.min(2, "Select two contacts or more."),
    /** The one that stays, with its address and its list. */
    keepId: idSchema,
    name: contactNameSchema,
  })
  .refine(({ contacts, keepId }) => contacts.some(({ id }) => id === keepId), {
    path: ["keepId"],
    error: "Choose the contact to keep.",
  });

export type SeenContact = z.output<typeof someContactsSchema>[number];

export const EXPORT_FORMATS = ["csv", "vcf"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type ContactRow = {
  id: string;
  name: string;
  email: string;
  version: number;
  contactListId: string;
  listName: string;
  /** The account in whose inbox the address was first seen; null of what was entered or imported. */
  emailAccountId: string | null;
  accountName: string | null;
  firstSeenAt: Date | null;
  lastSeenAt: Date | null;
  createdAt: Date;
};
