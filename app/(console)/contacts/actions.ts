"use server";

import { revalidatePath } from "next/cache";
import { createContact, createContactList } from "@/lib/contact-lists/mutations";
import { createContactListSchema, createContactSchema } from "@/lib/contact-lists/schema";
import { defineAction } from "@/lib/http/action";

export const createContactListAction = defineAction(
  createContactListSchema,
  async (actor, input) => {
    const created = await createContactList(actor, input);
    revalidatePath("/contacts");
    return created;
  },
);

export const createContactAction = defineAction(createContactSchema, async (actor, input) => {
  const created = await createContact(actor, input);
  revalidatePath("/contacts", "layout");
  return created;
});
