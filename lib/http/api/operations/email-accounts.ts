import {
  createEmailAccount,
  deleteEmailAccount,
  setEmailAccountActive,
  updateEmailAccount,
} from "@/lib/email-accounts/mutations";
import {
  accountNotFound,
  findEditedAccount,
  findEmailAccount,
  listEmailAccounts,
} from "@/lib/email-accounts/queries";
import { accountRowSchema, accountSchema } from "@/lib/email-accounts/rows/schema";
import { commandOperation, created, defineOperation, pageOf } from "../operation";
import { resourceOperations } from "../resource-operations";

const tag = "Email accounts";
export const listEmailAccountsOperation = defineOperation({
  id: "listEmailAccounts",
  method: "GET",
  path: "/api/emailAccounts",
  tag,
  summary: "Email accounts, a page at a time",
  permission: "accounts:read",
  query: listEmailAccounts.querySchema(),
  errors: ["unprocessable"],
  answer: { status: 200, description: "A page.", schema: pageOf(accountRowSchema) },
  handle: ({ actor, query }) => listEmailAccounts(actor, query),
});

export const createEmailAccountOperation = commandOperation(createEmailAccount, {
  id: "createEmailAccount",
  method: "POST",
  path: "/api/emailAccounts",
  tag,
  summary: "Create an email account",
  errors: ["conflict"],
  answer: { status: 201, description: "It was created.", schema: created },
});

export const emailAccountOperations = resourceOperations({
  name: "EmailAccount",
  tag,
  answer: accountSchema,
  find: findEmailAccount,
  findEdited: findEditedAccount,
  update: updateEmailAccount,
  notFound: accountNotFound,
  answered: "The account, without its password.",
  patch: {
    description: "`active` alone always works, whatever is wrong with the other fields.",
  },
  patchAlone: setEmailAccountActive,
});

export const deleteEmailAccountOperation = commandOperation(deleteEmailAccount, {
  id: "deleteEmailAccount",
  method: "DELETE",
  isVersioned: true,
  path: "/api/emailAccounts/{emailAccountId}",
  tag,
  summary: "Delete an email account",
  description: "With its test reports. The sign-in at the provider is kept.",
  answer: { status: 204, description: "It was deleted." },
});
