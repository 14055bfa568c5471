import { z } from "zod";
import { importContacts } from "@/lib/contacts/import/run";
import { importParamsSchema, importReportSchema } from "@/lib/contacts/import/schema";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { findContactList, listContactLists } from "@/lib/contacts/lists/queries";
import { createContactListSchema } from "@/lib/contacts/lists/schema";
import { createContact } from "@/lib/contacts/mutations";
import { listContacts } from "@/lib/contacts/queries";
import { createContactSchema } from "@/lib/contacts/schema";
import { readBody } from "@/lib/http/read-body";
import { requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { IMPORT_MAX_BYTES } from "@/lib/kernel/imports/schema";
import { LIMIT_MAX } from "@/lib/kernel/paging/schema";
import { created, pageOf, timestamp } from "../answers";
import { defineOperation } from "../operation";

const tag = "Contacts";
const listTag = "Contact lists";

export const contact = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  contactListId: z.uuid(),
  listName: z.string(),
  emailAccountId: z.uuid().nullable().describe("In whose inbox the address was first seen."),
  firstSeenAt: timestamp.nullable(),
  lastSeenAt: timestamp.nullable(),
  createdAt: timestamp,
  version: z.number().int().describe("Goes up with every change; a change names the one it saw."),
});

export const contactList = z.object({
  id: z.uuid(),
  name: z.string(),
  version: z.number().int(),
  contactCount: z.number().int(),
  accountCount: z.number().int(),
});

export const listContactListsOperation = defineOperation({
  id: "listContactLists",
  method: "GET",
  path: "/api/contactLists",
  tag: listTag,
  summary: "The contact lists, a page at a time",
  permission: "contacts:read",
  query: listContactLists.querySchema(LIMIT_MAX),
  answer: {
    status: 200,
    description: "By name.",
    schema: z.object({
      contactLists: z.array(contactList),
      ...pageOf(contactList).omit({ rows: true }).shape,
    }),
  },
  async handle({ actor, query }) {
    const { rows, ...page } = await listContactLists(actor, query);
    return { contactLists: rows, ...page };
  },
});

export const createContactListOperation = defineOperation({
  id: "createContactList",
  method: "POST",
  path: "/api/contactLists",
  tag: listTag,
  summary: "Create a contact list",
  permission: "contacts:write",
  body: createContactListSchema,
  answer: { status: 201, description: "It was created.", schema: created },
  handle: ({ actor, body }) => createContactList(actor, body),
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
  answer: { status: 200, description: "A page.", schema: pageOf(contact) },
  async handle({ actor, query }) {
    if (query.contactListId && !(await findContactList(actor, query.contactListId)))
      throw new AppError("not_found", "This list no longer exists.");
    return listContacts(actor, query);
  },
});

export const createContactOperation = defineOperation({
  id: "createContact",
  method: "POST",
  path: "/api/contacts",
  tag,
  summary: "Create a contact",
  description: "An address is in the Contacts Manager once, whatever the list.",
  permission: "contacts:write",
  body: createContactSchema,
  answer: { status: 201, description: "It was created.", schema: created },
  handle: ({ actor, body }) => createContact(actor, body),
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
