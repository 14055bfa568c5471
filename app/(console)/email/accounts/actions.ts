"use server";

import { changeAccounts, deleteAccounts } from "@/lib/email-accounts/bulk/mutations";
import {
  countSelected,
  findAccountUse,
  findSelected,
  listSignIns,
} from "@/lib/email-accounts/bulk/queries";
import {
  changeAccountsSchema,
  createLinksSchema,
  deleteAccountsSchema,
  linksOfSchema,
  selectionSchema,
} from "@/lib/email-accounts/bulk/schema";
import {
  createLinksForSelected,
  findLinksOfSelected,
} from "@/lib/email-accounts/bulk/sign-in-links";
import { proposeKeySchema } from "@/lib/email-accounts/keys/schema";
import {
  createEmailAccount,
  deleteEmailAccount,
  setEmailAccountActive,
  updateEmailAccount,
} from "@/lib/email-accounts/mutations";
import { proposeKey } from "@/lib/email-accounts/queries";
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

export const changeAccountsAction = defineAction(changeAccountsSchema, changeAccounts, {
  revalidates,
});

export const deleteAccountsAction = defineAction(deleteAccountsSchema, deleteAccounts, {
  revalidates,
});

export const createLinksAction = defineAction(createLinksSchema, createLinksForSelected, {
  revalidates: "/email/sign-in-links",
});

export const findLinksOfAction = defineAction(linksOfSchema, findLinksOfSelected);

export const listSignInsAction = defineAction(selectionSchema, listSignIns);

export const countAccountsAction = defineAction(selectionSchema, countSelected);

export const findSelectedAction = defineAction(deleteAccountsSchema, findSelected);

export const findAccountUseAction = defineAction(selectionSchema, findAccountUse);

export const proposeKeyAction = defineAction(proposeKeySchema, proposeKey);
