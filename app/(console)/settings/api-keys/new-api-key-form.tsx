"use client";

import { Alert, Checkbox, CheckboxGroup, Stack } from "@mantine/core";
import { useController } from "react-hook-form";
import { CopyField } from "@/components/copy-field";
import { DayField, LinesField, NumberField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { showOnce } from "@/components/shown-once-store";
import { TextField } from "@/components/text-fields";
import type { Choices } from "@/lib/kernel/choices/schema";
import { createApiKeySchema, KEY_PERMISSIONS } from "@/lib/programs/schema";
import { AccountsField } from "./accounts-field";
import { createApiKeyAction } from "./actions";
import type { ApiKeyValues } from "./api-key-values";

type NewApiKeyFormProps = { accounts: Choices; onClose: () => void };

export function NewApiKeyForm({ accounts, onClose }: NewApiKeyFormProps) {
  return (
    <FormDialog
      title="New API key"
      submitLabel="Create key"
      schema={createApiKeySchema}
      defaultValues={EMPTY}
      action={createApiKeyAction}
      done={({ key }) => showOnce(<NewApiKeyDialog apiKey={key} />)}
      onClose={onClose}
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
      <LimitFields />
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

function LimitFields() {
  return (
    <>
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
    </>
  );
}

function NewApiKeyDialog({ apiKey }: { apiKey: string }) {
  return (
    <ShownOnceDialog title="New API key">
      <Alert color="yellow">Copy the key now. It is not shown again.</Alert>
      <CopyField label="API key" value={apiKey} />
    </ShownOnceDialog>
  );
}
