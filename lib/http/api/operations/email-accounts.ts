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
import { resourceOperations } from "../editing";
import { created, done, made, ok, operationsOf, pageOf } from "../operation";

const tag = "Email accounts";
const { command, define } = operationsOf(tag);
export const listEmailAccountsOperation = define({
  at: "listEmailAccounts: GET /api/emailAccounts",
  summary: "Email accounts, a page at a time",
  permission: "accounts:read",
  query: listEmailAccounts.querySchema(),
  errors: ["unprocessable"],
  answer: ok("A page.", pageOf(accountRowSchema)),
  handle: ({ actor, query }) => listEmailAccounts(actor, query),
});

export const createEmailAccountOperation = command(createEmailAccount, {
  at: "createEmailAccount: POST /api/emailAccounts",
  summary: "Create an email account",
  errors: ["conflict"],
  answer: made("It was created.", created),
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
  patch: { description: "`active` alone always works, whatever is wrong with the other fields." },
  patchAlone: setEmailAccountActive,
});

export const deleteEmailAccountOperation = command(deleteEmailAccount, {
  at: "deleteEmailAccount: DELETE /api/emailAccounts/{emailAccountId}",
  isVersioned: true,
  summary: "Delete an email account",
  description: "With its test reports. The sign-in at the provider is kept.",
  answer: done("It was deleted."),
});
