"use server";

import { z } from "zod";
import {
  createContactList,
  deleteContactList,
  renameContactList,
} from "@/lib/contacts/lists/mutations";
import { findContactListUse } from "@/lib/contacts/lists/queries";
import {
  createContactListSchema,
  deleteContactListSchema,
  renameContactListSchema,
} from "@/lib/contacts/lists/schema";
import {
  createContact,
  deleteContacts,
  mergeContacts,
  moveContacts,
  updateContact,
} from "@/lib/contacts/mutations";
import { erasePerson, letInAgain } from "@/lib/contacts/privacy/mutations";
import { findPersonalData } from "@/lib/contacts/privacy/queries";
import { erasePersonSchema, personSchema } from "@/lib/contacts/privacy/schema";
import {
  createContactSchema,
  deleteContactsSchema,
  mergeContactsSchema,
  moveContactsSchema,
  updateContactSchema,
} from "@/lib/contacts/schema";
import { defineAction } from "@/lib/http/action";
import { idSchema } from "@/lib/kernel/fields/schema";

/** Lists show how many contacts they have, so a change of either shows on both. */
const revalidates = "/contacts";

export const createContactListAction = defineAction(createContactListSchema, createContactList, {
  revalidates,
});

export const renameContactListAction = defineAction(renameContactListSchema, renameContactList, {
  revalidates,
});

export const findContactListUseAction = defineAction(
  z.strictObject({ id: idSchema }),
  (actor, { id }) => findContactListUse(actor, id),
);

export const deleteContactListAction = defineAction(deleteContactListSchema, deleteContactList, {
  revalidates,
});

export const createContactAction = defineAction(createContactSchema, createContact, {
  revalidates,
});

export const updateContactAction = defineAction(updateContactSchema, updateContact, {
  revalidates,
});

export const moveContactsAction = defineAction(moveContactsSchema, moveContacts, { revalidates });

export const mergeContactsAction = defineAction(mergeContactsSchema, mergeContacts, {
  revalidates,
});

export const deleteContactsAction = defineAction(deleteContactsSchema, deleteContacts, {
  revalidates,
});

export const findPersonalDataAction = defineAction(personSchema, findPersonalData);

export const erasePersonAction = defineAction(erasePersonSchema, erasePerson, { revalidates });

export const letInAgainAction = defineAction(personSchema, letInAgain, { revalidates });
