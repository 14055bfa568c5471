import { z } from "zod";
import * as is from "@/lib/kernel/answers/schema";
import {
  filledIn,
  idSchema,
  internationalAddressSchema,
  nameSchema,
} from "@/lib/kernel/fields/schema";

/** Many senders have no name. */
export const contactNameSchema = z.union([z.literal(""), nameSchema]);

export const createContactSchema = z.strictObject({
  contactListId: idSchema,
  name: filledIn(contactNameSchema, ""),
  email: internationalAddressSchema,
});

const seenSchema = { id: idSchema, version: z.number().int().positive() };

export const updateContactSchema = z.strictObject({ ...seenSchema, ...createContactSchema.shape });

/** Each is a line of the audit trail. */
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
    /** The one that stays. */
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

export const contactSchema = z.object({
  id: is.id,
  name: is.text.describe("The sender's name. May be empty. At most 120 characters."),
  email: is.text.describe(
    "The address, which is in one list only. May have letters of any alphabet. At most 254 characters.",
  ),
  contactListId: is.id.describe("The list that it is in."),
  listName: is.text.describe("The name of its list."),
  emailAccountId: is.maybeId.describe("In whose inbox the address was first seen."),
  firstSeenAt: is.maybeTime.describe(
    "When a message of it was first seen. Null if it was entered or imported.",
  ),
  lastSeenAt: is.maybeTime.describe("When it last reported that it is running."),
  createdAt: is.time,
  version: is.version,
});
export type ContactRow = z.input<typeof contactSchema> & { accountName: string | null };
