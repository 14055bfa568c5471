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
import { resourceOperations } from "../editing";
import { created, done, idParam, made, ok, operationsOf, pageOf } from "../operation";

const contacts = operationsOf("Contacts");
const lists = operationsOf("Contact lists");

export const listContactListsOperation = lists.define({
  at: "listContactLists: GET /api/contactLists",
  summary: "The contact lists, a page at a time",
  permission: "contacts:read",
  query: listContactLists.querySchema(LIMIT_MAX),
  answer: ok("By name.", pageOf(contactListSchema)),
  handle: ({ actor, query }) => listContactLists(actor, query),
});

export const createContactListOperation = lists.command(createContactList, {
  at: "createContactList: POST /api/contactLists",
  summary: "Create a contact list",
  answer: made("It was created.", created),
});

export const listContactsOperation = contacts.define({
  at: "listContacts: GET /api/contacts",
  summary: "Contacts, a page at a time",
  permission: "contacts:read",
  query: listContacts.querySchema(),
  errors: ["not_found"],
  answer: ok("A page.", pageOf(contactSchema)),
  async handle({ actor, query }) {
    if (query.contactListId && !(await findContactList(actor, query.contactListId)))
      throw listNotFound();
    return listContacts(actor, query);
  },
});

export const createContactOperation = contacts.command(createContact, {
  at: "createContact: POST /api/contacts",
  summary: "Create a contact",
  description: "An address is in the Contacts Manager once, whatever the list.",
  answer: made("It was created.", created),
});

export const importContactsOperation = contacts.define({
  at: "importContacts: POST /api/contacts/import",
  summary: "Import contacts from a CSV file",
  description:
    "The body is the file. Its first line names the columns: email and, optionally, name. Nothing is written unless dryRun is false.",
  permission: "contacts:write",
  query: importParamsSchema,
  file: { contentType: "text/csv", example: "email,name\nzoe@example.com,Zoë Example\n" },
  errors: ["not_found", "payload_too_large"],
  answer: ok("The result of each line.", importReportSchema),
  async handle({ actor, request, query: { contactListId, dryRun } }) {
    requirePermission(actor, "contacts:write");
    const file = await readBody(request, IMPORT_MAX_BYTES);
    return importContacts(actor, { contactListId, isDryRun: dryRun === "true", file });
  },
});

export const contactOperations = resourceOperations({
  name: "Contact",
  tag: "Contacts",
  answer: contactSchema,
  find: findContact,
  findEdited: findEditedContact,
  update: updateContact,
  notFound: contactNotFound,
  answered: "The contact.",
  put: { summary: "Change a contact, or move it to another list" },
});

export const deleteContactOperation = contacts.define({
  at: "deleteContact: DELETE /api/contacts/{contactId}",
  isVersioned: true,
  summary: "Delete a contact",
  permission: "contacts:write",
  params: z.object({ contactId: idParam }),
  query: z.strictObject({ version: z.coerce.number().int().positive() }),
  errors: ["stale"],
  answer: done("It was deleted."),
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
  tag: "Contact lists",
  answer: contactListSchema,
  find: findListWithCounts,
  findEdited: findEditedList,
  update: renameContactList,
  notFound: listNotFound,
  answered: "The list.",
  put: { id: "renameContactList", summary: "Rename a contact list" },
  patch: { summary: "Rename a contact list, whatever its version" },
});

export const deleteContactListOperation = lists.command(deleteContactList, {
  at: "deleteContactList: DELETE /api/contactLists/{contactListId}",
  isVersioned: true,
  summary: "Delete a contact list",
  description: "Its contacts go to the list that `moveTo` names, or are deleted with it.",
  query: z.strictObject({
    moveTo: deleteContactListSchema.shape.moveTo
      .default(null)
      .describe("The list that its contacts go to. Without it they are deleted."),
  }),
  answer: done("It was deleted."),
});
