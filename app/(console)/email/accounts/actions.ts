"use server";

import { changeAccounts, deleteAccounts } from "@/lib/email-accounts/bulk/mutations";
import { findAccountUse, findSelected, listSignIns } from "@/lib/email-accounts/bulk/queries";
import { linksOfSchema, selectionSchema } from "@/lib/email-accounts/bulk/schema";
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
import { setReadsBy, setSendsBy } from "@/lib/email-accounts/ways/mutations";
import { actionOf, defineAction } from "@/lib/http/action";
import { readNewestMessages } from "@/lib/messages/read";
import { readInboxSchema, sendTestMessageSchema } from "@/lib/messages/schema";
import { sendTestMessage } from "@/lib/messages/send";

const revalidates = "/email/accounts";

export const createEmailAccountAction = actionOf(createEmailAccount, { revalidates });
export const updateEmailAccountAction = actionOf(updateEmailAccount, { revalidates });
export const setEmailAccountActiveAction = actionOf(setEmailAccountActive, { revalidates });
export const setSendsByAction = actionOf(setSendsBy, { revalidates });
export const setReadsByAction = actionOf(setReadsBy, { revalidates });
export const deleteEmailAccountAction = actionOf(deleteEmailAccount, { revalidates });
export const changeAccountsAction = actionOf(changeAccounts, { revalidates });
export const deleteAccountsAction = actionOf(deleteAccounts, { revalidates });
export const createLinksAction = actionOf(createLinksForSelected, {
  revalidates: "/email/sign-in-links",
});

export const findLinksOfAction = defineAction(linksOfSchema, findLinksOfSelected);

export const listSignInsAction = defineAction(selectionSchema, listSignIns);

export const findSelectedAction = defineAction(selectionSchema, findSelected);

export const findAccountUseAction = defineAction(selectionSchema, findAccountUse);

export const proposeKeyAction = defineAction(proposeKeySchema, proposeKey);

export const sendTestMessageAction = defineAction(sendTestMessageSchema, sendTestMessage);

export const readInboxAction = defineAction(readInboxSchema, (actor, { emailAccountId }) =>
  readNewestMessages(actor, emailAccountId),
);
