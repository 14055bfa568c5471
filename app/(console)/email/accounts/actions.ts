"use server";

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

const revalidates = "/email/accounts";

export const createEmailAccountAction = defineAction(createEmailAccountSchema, createEmailAccount, {
  revalidates,
});

export const updateEmailAccountAction = defineAction(updateEmailAccountSchema, updateEmailAccount, {
  revalidates,
});

export const setEmailAccountActiveAction = defineAction(setActiveSchema, setEmailAccountActive, {
  revalidates,
});

export const deleteEmailAccountAction = defineAction(deleteEmailAccountSchema, deleteEmailAccount, {
  revalidates,
});
