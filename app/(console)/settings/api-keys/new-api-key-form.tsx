"use client";

import { Alert, Checkbox, CheckboxGroup, NativeSelect, Pill, Stack } from "@mantine/core";
import { useController, useFormContext } from "react-hook-form";
import type { z } from "zod";
import { searchEmailAccountsAction } from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import { CopyField } from "@/components/copy-field";
import { DayField, LinesField, NumberField, TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { knownChoice, rememberChoice } from "@/components/known-choices";
import { showOnce } from "@/components/shown-once";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { createApiKeySchema, KEY_PERMISSIONS } from "@/lib/programs/schema";
import { createApiKeyAction } from "./actions";

export function NewApiKeyForm({ accounts }: { accounts: Choices }) {
  return (
    <FormDialog
      title="New API key"
      submitLabel="Create key"
      schema={createApiKeySchema}
      defaultValues={EMPTY}
      action={createApiKeyAction}
      done={({ key }) =>
        showOnce(
          <ShownOnceDialog title="New API key">
            <Alert color="yellow">Copy the key now. It is not shown again.</Alert>
            <CopyField label="API key" value={key} />
          </ShownOnceDialog>,
        )
      }
    >
      <TextField<ApiKeyValues>
        name="name"
        label="Name"
        description="Which program uses it."
        data-autofocus
        withAsterisk
      />
      <PermissionsField />
      <AccountsField accounts={accounts} />
      <DayField<ApiKeyValues>
        name="expiresOn"
        label="Expires on"
        description="Expires at the end of this day (UTC). Leave empty for no expiry."
      />
      <NumberField<ApiKeyValues>
        name="requestsPerMinute"
        label="Requests per minute"
        description="Leave empty for no limit."
      />
      <LinesField<ApiKeyValues>
        name="addresses"
        label="Allowed networks"
        description="Addresses or networks, one per line. Leave empty to allow all."
      />
    </FormDialog>
  );
}

const EMPTY: ApiKeyValues = {
  name: "",
  permissions: ["tokens:read"],
  accountIds: null,
  accountKeyPrefix: null,
  addresses: [],
  requestsPerMinute: null,
  expiresOn: null,
};

function PermissionsField() {
  const { field, fieldState } = useController<ApiKeyValues, "permissions">({ name: "permissions" });
  return (
    <CheckboxGroup
      label="Permissions"
      value={field.value}
      onChange={field.onChange}
      error={fieldState.error?.message}
    >
      <Stack gap="xs" mt="xs">
        {Object.entries(KEY_PERMISSIONS).map(([permission, label]) => (
          <Checkbox
            key={permission}
            value={permission}
            label={label}
            description={<code>{permission}</code>}
          />
        ))}
      </Stack>
    </CheckboxGroup>
  );
}

type Reach = "all" | "chosen" | "prefix";

const REACHES: { value: Reach; label: string }[] = [
  { value: "all", label: "All email accounts" },
  { value: "chosen", label: "Selected accounts" },
  { value: "prefix", label: "Accounts whose key begins with…" },
];

const NO_WIDER_TOKENS =
  "This key can't fetch tokens that open other mailboxes too: an application's, or a delegate's for a shared mailbox. It can read and send through Postkey.";

const OPENS_EVERY_MAILBOX =
  "With access tokens of all accounts, anyone who has this key can read, change and send the mail of every mailbox. Choose accounts if its program needs only some.";

function AccountsField({ accounts }: { accounts: Choices }) {
  const form = useFormContext<ApiKeyValues>();
  const reach = reachOf(form.watch());
  const opensAll = reach === "all" && form.watch("permissions").includes("tokens:read");
  const choose = (next: Reach) => {
    form.setValue("accountIds", next === "chosen" ? [] : null);
    form.setValue("accountKeyPrefix", next === "prefix" ? "" : null);
  };
  return (
    <>
      <NativeSelect
        label="Applies to"
        description={reach === "all" ? opensAll && OPENS_EVERY_MAILBOX : NO_WIDER_TOKENS}
        data={REACHES}
        value={reach}
        onChange={({ currentTarget }) => choose(currentTarget.value as Reach)}
      />
      {reach === "chosen" && <ChosenAccounts accounts={accounts} />}
      {reach === "prefix" && (
        <TextField<ApiKeyValues> name="accountKeyPrefix" label="Key begins with" />
      )}
    </>
  );
}

function reachOf({ accountIds, accountKeyPrefix }: ApiKeyValues): Reach {
  if (accountIds) return "chosen";
  return typeof accountKeyPrefix === "string" ? "prefix" : "all";
}

function ChosenAccounts({ accounts }: { accounts: Choices }) {
  const { field, fieldState } = useController<ApiKeyValues, "accountIds">({ name: "accountIds" });
  const chosen = (field.value ?? []).flatMap((id) => knownChoice(id) ?? []);
  const change = (next: Choice[]) => {
    next.forEach(rememberChoice);
    field.onChange(next.map(({ id }) => id));
  };
  return (
    <Stack gap="xs">
      <ChoiceInput
        label="Accounts"
        placeholder={chosen.length === 0 ? "Choose …" : "Add another …"}
        first={accounts}
        find={(search) => searchEmailAccountsAction({ search })}
        except={chosen.map(({ id }) => id)}
        value={null}
        error={fieldState.error?.message}
        onChange={(account) => account && change([...chosen, account])}
        onBlur={field.onBlur}
        ref={field.ref}
      />
      <Pill.Group>
        {chosen.map(({ id, name, detail }) => (
          <Pill
            key={id}
            withRemoveButton
            removeButtonProps={{
              "aria-label": `Remove ${name}`,
              "aria-hidden": false,
              tabIndex: 0,
            }}
            onRemove={() => change(chosen.filter((each) => each.id !== id))}
          >
            {name} · {detail}
          </Pill>
        ))}
      </Pill.Group>
    </Stack>
  );
}

type ApiKeyValues = z.input<typeof createApiKeySchema>;
