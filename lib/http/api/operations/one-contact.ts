import { z } from "zod";
import { deleteContactList, listNotFound, renameContactList } from "@/lib/contacts/lists/mutations";
import { findContactList, findContactListUse, findEditedList } from "@/lib/contacts/lists/queries";
import { deleteContactListSchema, renameContactListSchema } from "@/lib/contacts/lists/schema";
import { contactNotFound, deleteContacts, updateContact } from "@/lib/contacts/mutations";
import { findContact, findEditedContact } from "@/lib/contacts/queries";
import { updateContactSchema } from "@/lib/contacts/schema";
import type { Actor } from "@/lib/kernel/actor";
import { idParam } from "../answers";
import { editOperations } from "../edit-operations";
import { defineOperation } from "../operation";
import { contact, contactList } from "./contacts";

const tag = "Contacts";
const listTag = "Contact lists";
const ofContact = z.object({ contactId: idParam });
const ofList = z.object({ contactListId: idParam });
const path = "/api/contacts/{contactId}";
const listPath = "/api/contactLists/{contactListId}";

export const getContactOperation = defineOperation({
  id: "getContact",
  method: "GET",
  path,
  tag,
  summary: "One contact",
  permission: "contacts:read",
  params: ofContact,
  answer: { status: 200, description: "The contact.", schema: contact },
  async handle({ actor, params: { contactId } }) {
    const found = await findContact(actor, contactId);
    if (!found) throw contactNotFound();
    return found;
  },
});

export const { put: updateContactOperation, patch: patchContactOperation } = editOperations({
  path,
  idParameter: "contactId",
  tag,
  permission: "contacts:write",
  put: { id: "updateContact", summary: "Change a contact, or move it to another list" },
  patch: { id: "patchContact", summary: "Change some fields of a contact" },
  editable: {
    schema: updateContactSchema,
    answer: contact,
    findEdited: findEditedContact,
    update: updateContact,
    notFound: contactNotFound,
  },
});

export const deleteContactOperation = defineOperation({
  id: "deleteContact",
  method: "DELETE",
  isVersioned: true,
  path,
  tag,
  summary: "Delete a contact",
  permission: "contacts:write",
  params: ofContact,
  query: z.strictObject({ version: z.coerce.number().int().positive() }),
  errors: ["stale"],
  answer: { status: 204, description: "It was deleted." },
  async handle({ actor, params: { contactId }, query: { version } }) {
    await deleteContacts(actor, { contacts: [{ id: contactId, version }] });
    return undefined;
  },
});

export const getContactListOperation = defineOperation({
  id: "getContactList",
  method: "GET",
  path: listPath,
  tag: listTag,
  summary: "One contact list",
  permission: "contacts:read",
  params: ofList,
  answer: { status: 200, description: "The list.", schema: contactList },
  async handle({ actor, params: { contactListId } }) {
    const found = await findListWithCounts(actor, contactListId);
    if (!found) throw listNotFound();
    return found;
  },
});

async function findListWithCounts(actor: Actor, id: string) {
  const [list, use] = await Promise.all([
    findContactList(actor, id),
    findContactListUse(actor, id),
  ]);
  return list && use && { ...list, ...use };
}

export const { put: renameContactListOperation, patch: patchContactListOperation } = editOperations(
  {
    path: listPath,
    idParameter: "contactListId",
    tag: listTag,
    permission: "contacts:write",
    put: { id: "renameContactList", summary: "Rename a contact list" },
    patch: { id: "patchContactList", summary: "Rename a contact list, whatever its version" },
    editable: {
      schema: renameContactListSchema,
      answer: contactList,
      findEdited: findEditedList,
      update: renameContactList,
      notFound: listNotFound,
    },
  },
);

export const deleteContactListOperation = defineOperation({
  id: "deleteContactList",
  method: "DELETE",
  isVersioned: true,
  path: listPath,
  tag: listTag,
  summary: "Delete a contact list",
  description: "Its contacts go to the list that `moveTo` names, or are deleted with it.",
  permission: "contacts:write",
  params: ofList,
  query: z.strictObject({ moveTo: deleteContactListSchema.shape.moveTo.default(null) }),
  answer: { status: 204, description: "It was deleted." },
  async handle({ actor, params: { contactListId }, query: { moveTo } }) {
    await deleteContactList(actor, { id: contactListId, moveTo });
    return undefined;
  },
});
