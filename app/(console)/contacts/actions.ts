"use server";

import { revalidatePath } from "next/cache";
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

export const createContactListAction = defineAction(
  createContactListSchema,
  async (actor, input) => {
    const created = await createContactList(actor, input);
    showAnew();
    return created;
  },
);

export const renameContactListAction = defineAction(
  renameContactListSchema,
  async (actor, input) => {
    await renameContactList(actor, input);
    showAnew();
    return null;
  },
);

export const findContactListUseAction = defineAction(
  z.strictObject({ id: idSchema }),
  (actor, { id }) => findContactListUse(actor, id),
);

export const deleteContactListAction = defineAction(
  deleteContactListSchema,
  async (actor, input) => {
    await deleteContactList(actor, input);
    showAnew();
    return null;
  },
);

export const createContactAction = defineAction(createContactSchema, async (actor, input) => {
  const created = await createContact(actor, input);
  showAnew();
  return created;
});

export const updateContactAction = defineAction(updateContactSchema, async (actor, input) => {
  await updateContact(actor, input);
  showAnew();
  return null;
});

export const moveContactsAction = defineAction(moveContactsSchema, async (actor, input) => {
  await moveContacts(actor, input);
  showAnew();
  return null;
});

export const mergeContactsAction = defineAction(mergeContactsSchema, async (actor, input) => {
  await mergeContacts(actor, input);
  showAnew();
  return null;
});

export const deleteContactsAction = defineAction(deleteContactsSchema, async (actor, input) => {
  await deleteContacts(actor, input);
  showAnew();
  return null;
});

export const findPersonalDataAction = defineAction(personSchema, findPersonalData);

export const erasePersonAction = defineAction(erasePersonSchema, async (actor, input) => {
  await erasePerson(actor, input);
  showAnew();
  return null;
});

export const letInAgainAction = defineAction(personSchema, async (actor, input) => {
  await letInAgain(actor, input);
  showAnew();
  return null;
});

/** Lists show how many contacts they have, so a change of either shows on both. */
function showAnew(): void {
  revalidatePath("/contacts", "layout");
}
