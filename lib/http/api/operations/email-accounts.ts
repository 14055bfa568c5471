import { z } from "zod";
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
import { ACCOUNT_STATES, TEST_SCHEDULES } from "@/lib/email-accounts/schema";
import { SERVICES } from "@/lib/mail/houses/schema";
import { verdictSchema } from "@/lib/mail/schema";
import { PROVIDER_STATES } from "@/lib/registrations/schema";
import { created, hosts, pageOf, timestamp } from "../answers";
import { commandOperation } from "../command-operation";
import { defineOperation } from "../operation";
import { resourceOperations } from "../resource-operations";

const tag = "Email accounts";
const verdict = verdictSchema.nullable();

const row = z.object({
  id: z.uuid(),
  name: z.string(),
  key: z.string(),
  emailAddress: z.string(),
  service: z.enum(SERVICES),
  active: z.boolean(),
  modernAuthentication: z.boolean(),
  username: z.string(),
  cloudProviderId: z.uuid().nullable(),
  cloudProviderName: z.string().nullable(),
  state: z
    .enum(ACCOUNT_STATES)
    .describe("The current state of the account: the worse of its sign-in and its last test."),
  tokenState: z
    .enum(PROVIDER_STATES)
    .exclude(["not_signed_in"])
    .nullable()
    .describe("Null when no one is signed in with the account's user name."),
  failureId: z
    .string()
    .nullable()
    .describe("An entry of the error catalogue: the failure of the sign-in."),
  testFailureId: z
    .string()
    .nullable()
    .describe("An entry of the error catalogue: the failure of the last test."),
  lastTestedAt: timestamp.nullable(),
  imapVerdict: verdict,
  smtpVerdict: verdict,
  pop3Verdict: verdict,
  testSchedule: z.enum(TEST_SCHEDULES),
  createdAt: timestamp,
});

const account = z.object({
  ...row.shape,
  contactListId: z.uuid().nullable(),
  mailbox: z.string().nullable(),
  hosts: hosts.nullable(),
  description: z.string(),
  captureReplyTo: z.boolean(),
  captureAutomatic: z.boolean(),
  hasPassword: z.boolean(),
  nextTestAt: timestamp.nullable(),
  failureText: z.string().nullable(),
  failedAt: timestamp.nullable(),
  version: z.number().int().describe("Goes up with every change; a change names the one it saw."),
});

export const listEmailAccountsOperation = defineOperation({
  id: "listEmailAccounts",
  method: "GET",
  path: "/api/emailAccounts",
  tag,
  summary: "Email accounts, a page at a time",
  permission: "accounts:read",
  query: listEmailAccounts.querySchema(),
  errors: ["unprocessable"],
  answer: { status: 200, description: "A page.", schema: pageOf(row) },
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
  path: "/api/emailAccounts/{emailAccountId}",
  idParameter: "emailAccountId",
  tag,
  answer: account,
  find: findEmailAccount,
  findEdited: findEditedAccount,
  update: updateEmailAccount,
  notFound: accountNotFound,
  get: {
    id: "getEmailAccount",
    summary: "One email account",
    permission: "accounts:read",
    answered: "The account, without its password.",
  },
  put: { id: "updateEmailAccount", summary: "Change an email account" },
  patch: {
    id: "patchEmailAccount",
    summary: "Change some fields of an email account",
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
  idParameter: "emailAccountId",
  answer: { status: 204, description: "It was deleted." },
});
