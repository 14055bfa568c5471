"use server";

import { revalidatePath } from "next/cache";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createContactListSchema } from "@/lib/contacts/lists/schema";
import {
  createEmailAccount,
  deleteEmailAccount,
  setEmailAccountActive,
  updateEmailAccount,
} from "@/lib/email-accounts/mutations";
import {
  createEmailAccountSchema,
  deleteEmailAccountSchema,
  setActiveSchema,
  updateEmailAccountSchema,
} from "@/lib/email-accounts/schema";
import { defineAction } from "@/lib/http/action";

const LIST = "/email/accounts";

export const createEmailAccountAction = defineAction(
  createEmailAccountSchema,
  async (actor, input) => {
    const created = await createEmailAccount(actor, input);
    revalidatePath(LIST);
    return created;
  },
);

export const updateEmailAccountAction = defineAction(
  updateEmailAccountSchema,
  async (actor, input) => {
    await updateEmailAccount(actor, input);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const setEmailAccountActiveAction = defineAction(setActiveSchema, async (actor, input) => {
  await setEmailAccountActive(actor, input);
  revalidatePath(LIST, "layout");
  return null;
});

export const deleteEmailAccountAction = defineAction(
  deleteEmailAccountSchema,
  async (actor, input) => {
    await deleteEmailAccount(actor, input);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const createContactListAction = defineAction(createContactListSchema, createContactList);
