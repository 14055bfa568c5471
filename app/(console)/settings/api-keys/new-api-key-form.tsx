"use client";

import { Alert, Checkbox, Input, NativeSelect, Pill, Stack } from "@mantine/core";
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
import { Table } from "@/components/table";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { capital } from "@/lib/kernel/text/schema";
import { createApiKeySchema, KEY_PERMISSIONS, type KeyPermission } from "@/lib/programs/schema";
import { createApiKeyAction } from "./actions";

export function NewApiKeyForm({ accounts }: { accounts: Choices }) {
  return (
    <FormDialog
      title="New API key"
      submitLabel="Create key"
      schema={createApiKeySchema}
      defaultValues={{
        name: "",
        permissions: [],
        accountIds: null,
        accountKeyPrefix: null,
        addresses: [],
        requestsPerMinute: null,
        expiresOn: null,
      }}
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

type Tick = { label: string; of: KeyPermission[]; isImplied?: boolean | undefined };

function PermissionsField() {
  const { field, fieldState } = useController<ApiKeyValues, "permissions">({ name: "permissions" });
  const chosen = new Set(field.value);
  const tick = ({ label, of, isImplied = false }: Tick, shown?: string) => {
    const isOn = of.every((each) => chosen.has(each));
    return (
      <Checkbox
        key={label}
        {...(shown === undefined ? { "aria-label": label } : { label: shown })}
        checked={isImplied || isOn}
        disabled={isImplied}
        indeterminate={!isOn && !isImplied && of.some((each) => chosen.has(each))}
        onChange={() =>
          field.onChange(
            isOn ? field.value.filter((each) => !of.includes(each)) : [...chosen, ...of],
          )
        }
      />
    );
  };
  return (
    <Input.Wrapper
      label="Permissions"
      description="Change includes Read."
      error={fieldState.error?.message}
      labelElement="div"
    >
      <Stack gap="xs" my="xs">
        {ACTS.map(({ permission, label }) =>
          tick({ label, of: [permission] }, `${label} (${permission})`),
        )}
      </Stack>
      <Table
        isShort
        columns={[
          <th key="what" aria-label="What" />,
          <th key="read">{tick({ label: "Read all", of: READS }, "Read")}</th>,
          <th key="write">{tick({ label: "Change all", of: WRITES }, "Change")}</th>,
        ]}
      >
        {THINGS.map(({ thing, read, write }) => (
          <tr key={read}>
            <td>
              {thing} {read.startsWith(thing.toLowerCase()) || `(${read.replace(":read", "")})`}
            </td>
            <td data-label="Read">
              {tick({ label: `Read ${thing}`, of: [read], isImplied: write && chosen.has(write) })}
            </td>
            <td data-label="Change">{write && tick({ label: `Change ${thing}`, of: [write] })}</td>
          </tr>
        ))}
      </Table>
    </Input.Wrapper>
  );
}

const LABELLED = Object.entries(KEY_PERMISSIONS).map(([permission, label]) => ({
  permission: permission as KeyPermission, // the keys are that
  label,
}));
const [LOOKS, ACTS] = [true, false].map((isLook) =>
  LABELLED.filter(({ label }) => /^(Read|Change) /.test(label) === isLook),
) as [typeof LABELLED, typeof LABELLED]; // of two
const READS = LOOKS.map(({ permission }) => permission).filter((each) => each.endsWith(":read"));
const WRITES = LOOKS.map(({ permission }) => permission).filter((each) => each.endsWith(":write"));

/** Who may change something may read it. */
const THINGS = READS.map((read) => ({
  read,
  write: WRITES.find((each) => each === read.replace(/read$/, "write")),
  thing: capital(KEY_PERMISSIONS[read].replace(/^Read (the )?/, "")),
}));

type Reach = "all" | "chosen" | "prefix";

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
        data={[
          { value: "all", label: "All email accounts" },
          { value: "chosen", label: "Selected accounts" },
          { value: "prefix", label: "Accounts whose key begins with…" },
        ]}
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
