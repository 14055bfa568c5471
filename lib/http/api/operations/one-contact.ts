import { z } from "zod";
import { deleteContactList, renameContactList } from "@/lib/contacts/lists/mutations";
import { deleteContactListSchema, renameContactListSchema } from "@/lib/contacts/lists/schema";
import { deleteContacts, updateContact } from "@/lib/contacts/mutations";
import { findContact } from "@/lib/contacts/queries";
import { updateContactSchema } from "@/lib/contacts/schema";
import { AppError } from "@/lib/kernel/errors";
import { idParam } from "../answers";
import { defineOperation } from "../operation";
import { contact } from "./contacts";

const tag = "Contacts";
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
    if (!found) throw new AppError("not_found", "This contact no longer exists.");
    return found;
  },
});

export const updateContactOperation = defineOperation({
  id: "updateContact",
  method: "PUT",
  path,
  tag,
  summary: "Change a contact, or move it to another list",
  permission: "contacts:write",
  params: ofContact,
  body: updateContactSchema.omit({ id: true }),
  answer: { status: 204, description: "It was changed." },
  async handle({ actor, params: { contactId }, body }) {
    await updateContact(actor, { ...body, id: contactId });
    return undefined;
  },
});

export const deleteContactOperation = defineOperation({
  id: "deleteContact",
  method: "DELETE",
  path,
  tag,
  summary: "Delete a contact",
  permission: "contacts:write",
  params: ofContact,
  query: z.strictObject({ version: z.coerce.number().int().positive() }),
  answer: { status: 204, description: "It was deleted." },
  async handle({ actor, params: { contactId }, query: { version } }) {
    await deleteContacts(actor, { contacts: [{ id: contactId, version }] });
    return undefined;
  },
});

export const renameContactListOperation = defineOperation({
  id: "renameContactList",
  method: "PUT",
  path: listPath,
  tag,
  summary: "Rename a contact list",
  permission: "contacts:write",
  params: ofList,
  body: renameContactListSchema.omit({ id: true }),
  answer: { status: 204, description: "It was renamed." },
  async handle({ actor, params: { contactListId }, body }) {
    await renameContactList(actor, { ...body, id: contactListId });
    return undefined;
  },
});

export const deleteContactListOperation = defineOperation({
  id: "deleteContactList",
  method: "DELETE",
  path: listPath,
  tag,
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
