"use server";

import { z } from "zod";
import {
  createContactList,
  deleteContactList,
  renameContactList,
} from "@/lib/contacts/lists/mutations";
import { findContactListUse } from "@/lib/contacts/lists/queries";
import {
  createContact,
  deleteContacts,
  mergeContacts,
  moveContacts,
  updateContact,
} from "@/lib/contacts/mutations";
import { erasePerson, letInAgain } from "@/lib/contacts/privacy/mutations";
import { findPersonalData } from "@/lib/contacts/privacy/queries";
import { personSchema } from "@/lib/contacts/privacy/schema";
import { actionOf, defineAction } from "@/lib/http/action";
import { idSchema } from "@/lib/kernel/fields/schema";

/** Lists show how many contacts they have, so a change of either shows on both. */
const revalidates = "/contacts";

export const createContactListAction = actionOf(createContactList, { revalidates });
export const renameContactListAction = actionOf(renameContactList, { revalidates });
export const findContactListUseAction = defineAction(
  z.strictObject({ id: idSchema }),
  (actor, { id }) => findContactListUse(actor, id),
);
export const deleteContactListAction = actionOf(deleteContactList, { revalidates });
export const createContactAction = actionOf(createContact, { revalidates });
export const updateContactAction = actionOf(updateContact, { revalidates });
export const moveContactsAction = actionOf(moveContacts, { revalidates });
export const mergeContactsAction = actionOf(mergeContacts, { revalidates });
export const deleteContactsAction = actionOf(deleteContacts, { revalidates });
export const findPersonalDataAction = defineAction(personSchema, findPersonalData);

export const erasePersonAction = actionOf(erasePerson, { revalidates });
export const letInAgainAction = actionOf(letInAgain, { revalidates });
