import { z } from "zod";
import { changeAccounts, deleteAccounts } from "@/lib/email-accounts/bulk/mutations";
import { listSignIns } from "@/lib/email-accounts/bulk/queries";
import {
  bulkResultSchema,
  MAX_CHANGED,
  PART,
  selectionSchema,
  signInPersonSchema,
  signInPlanOf,
} from "@/lib/email-accounts/bulk/schema";
import { importAccounts } from "@/lib/email-accounts/import/run";
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_IMPORT_MAX_BYTES,
  ACCOUNT_IMPORT_MAX_ROWS,
  accountImportParamsSchema,
  accountImportReportSchema,
} from "@/lib/email-accounts/import/schema";
import { readBody } from "@/lib/http/read-body";
import { requirePermission } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { isByItself } from "@/lib/oauth/schema";
import { ok, operationsOf } from "../operation";

const { command, define } = operationsOf("Email accounts");

const NAMED = PART.toLocaleString("en");
const AT_ONCE = MAX_CHANGED.toLocaleString("en");

const WHICH = `Select accounts by id, up to ${NAMED}, or with \`accounts: all\` those that a search and filters find. Then \`expected\` is the number you saw: if it differs, nothing is changed (\`stale\`).`;

/** As the console does it. */
const IN_PARTS = `${AT_ONCE} accounts take several seconds, with no progress until the end; what would take more than a minute is undone and answered with 503. For progress, and to be able to stop, send parts: read the ids page by page with \`listEmailAccounts\`, then send up to ${NAMED} of them with each request. The ids stay the ones that you read, whatever the list shows meanwhile. Each answer says what became of its part, and a part can be sent again. The program \`docs/clients/change-many.mjs\` does this; it is shown on the page Help, API.`;

export const changeEmailAccountsOperation = command(changeAccounts, {
  at: "changeEmailAccounts: POST /api/emailAccounts/changes",
  summary: "Change many email accounts",
  description: `Gives up to ${AT_ONCE} accounts one value, all in one transaction: all are changed or, after a failure, none. Asking again changes none twice. \`cloudProviderId\` moves them to another provider; ask \`listSignIns\` who has to sign in there. ${WHICH}\n\n${IN_PARTS}`,
  errors: ["stale"],
  answer: ok("The outcome for each account.", bulkResultSchema),
});

export const deleteEmailAccountsOperation = command(deleteAccounts, {
  at: "deleteEmailAccounts: POST /api/emailAccounts/deletions",
  summary: "Delete many email accounts",
  description: `Deletes up to ${AT_ONCE} accounts with their test reports, all in one transaction. Those that were named by id and no longer exist are counted as \`missing\`, so that asking again is safe. ${WHICH}\n\n${IN_PARTS}`,
  errors: ["stale"],
  answer: ok("Number of accounts that were deleted.", bulkResultSchema),
});

export const importEmailAccountsOperation = define({
  at: "importEmailAccounts: POST /api/emailAccounts/import",
  summary: "Create many email accounts from a CSV file",
  description: `The body is the file, of up to ${ACCOUNT_IMPORT_MAX_ROWS.toLocaleString("en")} lines. Its first line names the columns: name and email, and optionally ${ACCOUNT_COLUMNS.slice(2).join(", ")}. Providers and lists are named as in the console. For what a line leaves empty, the parameters count, then the defaults of \`createEmailAccount\`; an empty key is proposed. A line with a password signs in with it; one with a delegate is a shared mailbox. A line whose address an account has already is not created again, so the same file can be sent twice. All new lines are created in one transaction. Nothing is written unless dryRun is false.`,
  permission: "accounts:write",
  query: accountImportParamsSchema,
  file: {
    contentType: "text/csv",
    example: "name,email,provider\nSupport,support@contoso.com,Contoso\n",
  },
  errors: ["payload_too_large"],
  answer: ok("The result of each line.", accountImportReportSchema),
  async handle({ actor, request, query: { dryRun, ...defaults } }) {
    requirePermission(actor, "accounts:write");
    const file = await readBody(request, ACCOUNT_IMPORT_MAX_BYTES);
    return importAccounts(actor, { isDryRun: dryRun === "true", file, defaults });
  },
});

const personSchema = signInPersonSchema.extend({
  address: z.url().describe("The page on which an administrator begins the sign-in."),
});

export const listSignInsOperation = define({
  at: "listSignIns: POST /api/emailAccounts/signIns",
  summary: "Who has to sign in",
  description: `The people whose sign-in the selected accounts wait for, each once, by provider. ${WHICH}`,
  permission: "accounts:read",
  body: selectionSchema,
  answer: ok("The people, and the accounts that no sign-in helps.", signInPlanOf(personSchema)),
  async handle({ actor, body }) {
    const { providers, others } = await listSignIns(actor, body);
    const withAddress = ({ id, grant, people, ...provider }: (typeof providers)[number]) => {
      const pageOf = (emailAccountId: string) =>
        isByItself(grant) ? `/settings/cloud-providers/${id}` : `/email/accounts/${emailAccountId}`;
      return {
        id,
        grant,
        ...provider,
        people: people.map((person) => ({
          ...person,
          address: new URL(pageOf(person.emailAccountId), env().url).href,
        })),
      };
    };
    return { providers: providers.map(withAddress), others };
  },
});
