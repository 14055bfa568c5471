import { z } from "zod";
import { importContacts } from "@/lib/contacts/import/run";
import { importParamsSchema, importReportSchema } from "@/lib/contacts/import/schema";
import {
  createContactList,
  deleteContactList,
  listNotFound,
  renameContactList,
} from "@/lib/contacts/lists/mutations";
import {
  findContactList,
  findContactListUse,
  findEditedList,
  listContactLists,
} from "@/lib/contacts/lists/queries";
import { contactListSchema, deleteContactListSchema } from "@/lib/contacts/lists/schema";
import {
  contactNotFound,
  createContact,
  deleteContacts,
  updateContact,
} from "@/lib/contacts/mutations";
import { findContact, findEditedContact, listContacts } from "@/lib/contacts/queries";
import { contactSchema } from "@/lib/contacts/schema";
import { readBody } from "@/lib/http/read-body";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { IMPORT_MAX_BYTES } from "@/lib/kernel/imports/schema";
import { LIMIT_MAX } from "@/lib/kernel/paging/schema";
import { commandOperation, created, defineOperation, idParam, pageOf } from "../operation";
import { resourceOperations } from "../resource-operations";

const tag = "Contacts";
const listTag = "Contact lists";

export const listContactListsOperation = defineOperation({
  id: "listContactLists",
  method: "GET",
  path: "/api/contactLists",
  tag: listTag,
  summary: "The contact lists, a page at a time",
  permission: "contacts:read",
  query: listContactLists.querySchema(LIMIT_MAX),
  answer: { status: 200, description: "By name.", schema: pageOf(contactListSchema) },
  handle: ({ actor, query }) => listContactLists(actor, query),
});

export const createContactListOperation = commandOperation(createContactList, {
  id: "createContactList",
  method: "POST",
  path: "/api/contactLists",
  tag: listTag,
  summary: "Create a contact list",
  answer: { status: 201, description: "It was created.", schema: created },
});

export const listContactsOperation = defineOperation({
  id: "listContacts",
  method: "GET",
  path: "/api/contacts",
  tag,
  summary: "Contacts, a page at a time",
  permission: "contacts:read",
  query: listContacts.querySchema(),
  errors: ["not_found"],
  answer: { status: 200, description: "A page.", schema: pageOf(contactSchema) },
  async handle({ actor, query }) {
    if (query.contactListId && !(await findContactList(actor, query.contactListId)))
      throw listNotFound();
    return listContacts(actor, query);
  },
});

export const createContactOperation = commandOperation(createContact, {
  id: "createContact",
  method: "POST",
  path: "/api/contacts",
  tag,
  summary: "Create a contact",
  description: "An address is in the Contacts Manager once, whatever the list.",
  answer: { status: 201, description: "It was created.", schema: created },
});

export const importContactsOperation = defineOperation({
  id: "importContacts",
  method: "POST",
  path: "/api/contacts/import",
  tag,
  summary: "Import contacts from a CSV file",
  description:
    "The body is the file. Its first line names the columns: email and, optionally, name. Nothing is written unless dryRun is false.",
  permission: "contacts:write",
  query: importParamsSchema,
  file: { contentType: "text/csv", example: "email,name\nzoe@example.com,Zoë Example\n" },
  errors: ["not_found", "payload_too_large"],
  answer: { status: 200, description: "The result of each line.", schema: importReportSchema },
  async handle({ actor, request, query: { contactListId, dryRun } }) {
    requirePermission(actor, "contacts:write");
    const file = await readBody(request, IMPORT_MAX_BYTES);
    return importContacts(actor, { contactListId, isDryRun: dryRun === "true", file });
  },
});

export const contactOperations = resourceOperations({
  name: "Contact",
  tag,
  answer: contactSchema,
  find: findContact,
  findEdited: findEditedContact,
  update: updateContact,
  notFound: contactNotFound,
  answered: "The contact.",
  put: { summary: "Change a contact, or move it to another list" },
});

export const deleteContactOperation = defineOperation({
  id: "deleteContact",
  method: "DELETE",
  isVersioned: true,
  path: "/api/contacts/{contactId}",
  tag,
  summary: "Delete a contact",
  permission: "contacts:write",
  params: z.object({ contactId: idParam }),
  query: z.strictObject({ version: z.coerce.number().int().positive() }),
  errors: ["stale"],
  answer: { status: 204, description: "It was deleted." },
  async handle({ actor, params: { contactId }, query: { version } }) {
    await deleteContacts(actor, { contacts: [{ id: contactId, version }] });
    return undefined;
  },
});

async function findListWithCounts(actor: Actor, id: string) {
  const [list, use] = await Promise.all([
    findContactList(actor, id),
    findContactListUse(actor, id),
  ]);
  return list && use && { ...list, ...use };
}

export const contactListOperations = resourceOperations({
  name: "ContactList",
  tag: listTag,
  answer: contactListSchema,
  find: findListWithCounts,
  findEdited: findEditedList,
  update: renameContactList,
  notFound: listNotFound,
  answered: "The list.",
  put: { id: "renameContactList", summary: "Rename a contact list" },
  patch: { summary: "Rename a contact list, whatever its version" },
});

export const deleteContactListOperation = commandOperation(deleteContactList, {
  id: "deleteContactList",
  method: "DELETE",
  isVersioned: true,
  path: "/api/contactLists/{contactListId}",
  tag: listTag,
  summary: "Delete a contact list",
  description: "Its contacts go to the list that `moveTo` names, or are deleted with it.",
  query: z.strictObject({
    moveTo: deleteContactListSchema.shape.moveTo
      .default(null)
      .describe("The list that its contacts go to. Without it they are deleted."),
  }),
  answer: { status: 204, description: "It was deleted." },
});
