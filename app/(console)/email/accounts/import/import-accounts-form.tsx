"use client";

import { Alert, Fieldset, NativeSelect, SimpleGrid, Stack } from "@mantine/core";
import { useState } from "react";
import {
  searchCloudProvidersAction,
  searchContactListsAction,
} from "@/app/(console)/choices/actions";
import { ImportColumns, ImportForm } from "@/app/(console)/import-form";
import { ChoiceInput } from "@/components/choice-input";
import { FactList } from "@/components/fact-list";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import {
  ACCOUNT_COLUMN_TEXTS,
  ACCOUNT_COLUMNS,
  ACCOUNT_IMPORT_MAX_BYTES,
  ACCOUNT_IMPORT_MAX_ROWS,
  type AccountImportRow,
  accountImportReportSchema,
} from "@/lib/email-accounts/import/schema";
import {
  ACCOUNT_DEFAULTS,
  SERVICE_LABELS,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
  type TestSchedule,
} from "@/lib/email-accounts/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { fileLimits } from "@/lib/kernel/imports/schema";
import { counted } from "@/lib/kernel/text/schema";
import { type MailService, SERVICES } from "@/lib/mail/services/schema";
import { CreateLinks } from "../../sign-in-links/create-links-dialog";

const TEMPLATE = {
  name: "postkey-email-accounts.csv",
  lines: [
    ["name", "email", "key", "service", "provider", "delegate", "list", "schedule"],
    ["Support", "support@contoso.com", "SUP", "Outlook365", "Contoso", "", "", "daily"],
    ["Sales", "sales@contoso.com", "", "Outlook365", "Contoso", "alice@contoso.com", "", "daily"],
  ],
};

export function ImportAccountsForm({ providers, lists }: { providers: Choices; lists: Choices }) {
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
      columns={[
        { label: "Name", of: ({ name }: AccountImportRow) => name },
        { label: "Key", of: ({ key }: AccountImportRow) => key },
        { label: "Address", of: ({ email }: AccountImportRow) => email, isAddress: true },
        { label: "Signs in as", of: ({ username }: AccountImportRow) => username, isAddress: true },
      ]}
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
      <details>
        <summary>What each column holds</summary>
        <FactList
          facts={Object.entries(ACCOUNT_COLUMN_TEXTS).map(([label, value]) => ({ label, value }))}
        />
      </details>
      <DefaultFields
        defaults={defaults}
        onChange={(change) => setDefaults({ ...defaults, ...change })}
        providers={providers}
        lists={lists}
      />
    </ImportForm>
  );
}

function onlyOne({ found, hasMore }: Choices): Choice | null {
  return found.length === 1 && !hasMore ? (found[0] ?? null) : null;
}

function Added({ count, importId }: { count: number; importId: string | null }) {
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

type Defaults = {
  service: MailService;
  testSchedule: TestSchedule;
  provider: Choice | null;
  list: Choice | null;
};

type DefaultFieldsProps = {
  defaults: Defaults;
  onChange: (change: Partial<Defaults>) => void;
  providers: Choices;
  lists: Choices;
};

function DefaultFields({ defaults, onChange, providers, lists }: DefaultFieldsProps) {
  return (
    <Fieldset legend="For lines that leave it empty">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NativeSelect
          label="Service"
          data={SERVICES.map((value) => ({ value, label: SERVICE_LABELS[value] }))}
          value={defaults.service}
          onChange={({ currentTarget: { value } }) => {
            const service = SERVICES.find((each) => each === value);
            if (service) onChange({ service });
          }}
        />
        <ChoiceInput
          label="Cloud Provider"
          none="None"
          first={providers}
          find={(search) => searchCloudProvidersAction({ search })}
          value={defaults.provider}
          onChange={(provider) => onChange({ provider })}
        />
        <ChoiceInput
          label="List"
          none="None"
          first={lists}
          find={(search) => searchContactListsAction({ search })}
          value={defaults.list}
          onChange={(list) => onChange({ list })}
        />
        <NativeSelect
          label="Connection test"
          data={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
          value={defaults.testSchedule}
          onChange={({ currentTarget: { value } }) => {
            const testSchedule = TEST_SCHEDULES.find((each) => each === value);
            if (testSchedule) onChange({ testSchedule });
          }}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
