import { z } from "zod";
import { createContact, createContactList } from "@/lib/contact-lists/mutations";
import { findContactList, listContactLists, listContacts } from "@/lib/contact-lists/queries";
import {
  CONTACT_SORTS,
  createContactListSchema,
  createContactSchema,
} from "@/lib/contact-lists/schema";
import { AppError } from "@/lib/errors";
import { listQuerySchema } from "@/lib/paging/schema";
import { created, idParam, pageOf, timestamp } from "../answers";
import { defineOperation } from "../operation";

const tag = "Contacts";

const contact = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  listName: z.string(),
  createdAt: timestamp,
});

export const listContactListsOperation = defineOperation({
  id: "listContactLists",
  method: "GET",
  path: "/api/contactLists",
  tag,
  summary: "The contact lists",
  permission: "contacts:read",
  answer: {
    status: 200,
    description: "By name.",
    schema: z.object({
      contactLists: z.array(
        z.object({
          id: z.uuid(),
          name: z.string(),
          contactCount: z.number().int(),
          accountCount: z.number().int(),
        }),
      ),
    }),
  },
  handle: async ({ actor }) => ({ contactLists: await listContactLists(actor) }),
});

export const createContactListOperation = defineOperation({
  id: "createContactList",
  method: "POST",
  path: "/api/contactLists",
  tag,
  summary: "Create a contact list",
  permission: "contacts:write",
  body: createContactListSchema,
  answer: { status: 201, description: "It was created.", schema: created },
  handle: ({ actor, body }) => createContactList(actor, body),
});

const ofOneList = { ...listQuerySchema(CONTACT_SORTS).shape, contactListId: idParam.optional() };

export const listContactsOperation = defineOperation({
  id: "listContacts",
  method: "GET",
  path: "/api/contacts",
  tag,
  summary: "Contacts, a page at a time",
  permission: "contacts:read",
  query: z.strictObject(ofOneList),
  answer: { status: 200, description: "A page.", schema: pageOf(contact) },
  async handle({ actor, query: { contactListId, ...params } }) {
    if (contactListId && !(await findContactList(actor, contactListId)))
      throw new AppError("not_found", "This list no longer exists.");
    return listContacts(actor, params, contactListId);
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
