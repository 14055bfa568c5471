"use client";

import { Alert, Stack } from "@mantine/core";
import { useState } from "react";
import { ImportColumns } from "@/app/(console)/import-columns";
import { ImportForm } from "@/app/(console)/import-form";
import { FactList } from "@/components/fact-list";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_IMPORT_MAX_BYTES,
  ACCOUNT_IMPORT_MAX_ROWS,
  type AccountColumn,
  type AccountImportRow,
  accountImportReportSchema,
} from "@/lib/email-accounts/import/schema";
import { ACCOUNT_DEFAULTS } from "@/lib/email-accounts/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { fileLimits } from "@/lib/kernel/imports/schema";
import { counted } from "@/lib/kernel/text/schema";
import { CreateLinks } from "../create-links";
import { DefaultFields, type Defaults } from "./default-fields";

const COLUMNS = [
  { label: "Name", of: ({ name }: AccountImportRow) => name },
  { label: "Key", of: ({ key }: AccountImportRow) => key },
  { label: "Address", of: ({ email }: AccountImportRow) => email, isAddress: true },
  { label: "Signs in as", of: ({ username }: AccountImportRow) => username, isAddress: true },
];

const TEMPLATE = {
  name: "postkey-email-accounts.csv",
  lines: [
    ["name", "email", "key", "service", "provider", "delegate", "list", "schedule"],
    ["Support", "support@contoso.com", "SUP", "Outlook365", "Contoso", "", "", "daily"],
    ["Sales", "sales@contoso.com", "", "Outlook365", "Contoso", "alice@contoso.com", "", "daily"],
  ],
};

type ImportAccountsFormProps = { providers: Choices; lists: Choices };

export function ImportAccountsForm({ providers, lists }: ImportAccountsFormProps) {
  const [defaults, setDefaults] = useState<Defaults>(() => ({
    service: ACCOUNT_DEFAULTS.service,
    testSchedule: ACCOUNT_DEFAULTS.testSchedule,
    provider: onlyOne(providers),
    list: null,
  }));
  const { provider, list, service, testSchedule } = defaults;
  const query = { service, testSchedule, cloudProviderId: provider?.id, contactListId: list?.id };
  return (
    <ImportForm
      of={{ path: "/api/emailAccounts/import", schema: accountImportReportSchema, query }}
      limits={fileLimits(ACCOUNT_IMPORT_MAX_ROWS, ACCOUNT_IMPORT_MAX_BYTES)}
      template={TEMPLATE}
      columns={COLUMNS}
      done="added"
      submitLabel={(count) => `Add ${counted(count, "account")}`}
      result={({ counts, importId }) => (
        <Added count={counts.new} importId={importId} key={importId} />
      )}
    >
      <ImportColumns needed={ACCOUNT_COLUMNS.slice(0, 2)} optional={ACCOUNT_COLUMNS.slice(2)}>
        Postkey proposes a key where it is empty. A shared mailbox has a delegate, who signs in for
        it. An account with a password signs in with that.
      </ImportColumns>
      <ColumnTexts />
      <DefaultFields
        defaults={defaults}
        onChange={(change) => setDefaults({ ...defaults, ...change })}
        providers={providers}
        lists={lists}
      />
    </ImportForm>
  );
}

const COLUMN_TEXTS: Readonly<Record<AccountColumn, string>> = {
  name: "what the account is called",
  email: "the address that mail is sent from",
  key: "up to 5 characters; proposed where empty",
  service: "Outlook365, Gmail, … or Custom",
  provider: "the name of a cloud provider",
  username: "who signs in; the address where empty",
  delegate: "for a shared mailbox: the person who signs in for it",
  mailbox: "the mailbox that is opened, where that is not the address",
  list: "the name of the List for new senders",
  schedule: "off, hourly or daily",
  active: "yes or no",
  description: "any text",
  password: "only for accounts without Modern Authentication",
  imap: "server of a Custom account: host, host:port or host:port starttls",
  smtp: "the same for sending",
  pop3: "the same for POP3",
  saveReplyTo: "yes or no: save the Reply-To address of new senders",
  saveAutomatic: "yes or no: save senders of automatic mail as well",
};

function ColumnTexts() {
  return (
    <details>
      <summary>What each column holds</summary>
      <FactList
        facts={ACCOUNT_COLUMNS.map((name) => ({ label: name, value: COLUMN_TEXTS[name] }))}
      />
    </details>
  );
}

function onlyOne({ found, hasMore }: Choices): Choice | null {
  return found.length === 1 && !hasMore ? (found[0] ?? null) : null;
}

type AddedProps = { count: number; importId: string | null };

function Added({ count, importId }: AddedProps) {
  if (importId === null) return null;
  return (
    <Alert
      color="green"
      maw={720}
      title={`${counted(count, "account")} ${count === 1 ? "was" : "were"} added.`}
    >
      <Stack gap="sm">
        <div>
          <LinkButton href={routes.importedAccounts(importId)} size="compact-sm">
            Show {count === 1 ? "it" : "them"}
          </LinkButton>
        </div>
        <CreateLinks selection={{ accounts: "all", search: "", importId }} />
      </Stack>
    </Alert>
  );
}
