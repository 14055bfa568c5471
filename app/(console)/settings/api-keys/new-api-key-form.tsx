"use client";

import { Checkbox, CheckboxGroup, Stack, Textarea, TextInput } from "@mantine/core";
import { useController, useFormContext } from "react-hook-form";
import { FormDialog } from "@/components/form-dialog";
import { useActionForm } from "@/components/use-action-form";
import { createApiKeySchema, KEY_PERMISSIONS } from "@/lib/access/api-keys/schema";
import type { Choices } from "@/lib/kernel/choices/schema";
import { AccountsField } from "./accounts-field";
import { createApiKeyAction } from "./actions";
import type { ApiKeyValues } from "./api-key-values";

type NewApiKeyFormProps = {
  accounts: Choices;
  onCreated: (key: string) => void;
  onClose: () => void;
};

export function NewApiKeyForm({ accounts, onCreated, onClose }: NewApiKeyFormProps) {
  const actionForm = useActionForm({
    schema: createApiKeySchema,
    defaultValues: {
      name: "",
      permissions: ["tokens:read"],
      accountIds: [],
      accountKeyPrefix: null,
      addresses: [],
      requestsPerMinute: null,
      expiresOn: null,
    },
    action: createApiKeyAction,
    onSuccess: ({ key }) => onCreated(key),
  });
  const { register, formState } = actionForm.form;
  return (
    <FormDialog
      title="New API key"
      submitLabel="Create key"
      actionForm={actionForm}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="Which program uses it."
        autoComplete="off"
        data-autofocus
        withAsterisk
        error={formState.errors.name?.message}
        {...register("name")}
      />
      <PermissionsField />
      <AccountsField accounts={accounts} />
      <LimitFields />
    </FormDialog>
  );
}

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
          <Checkbox key={permission} value={permission} label={label} />
        ))}
      </Stack>
    </CheckboxGroup>
  );
}

/** Until when, how often and from where. */
function LimitFields() {
  const { register, formState } = useFormContext<ApiKeyValues>();
  const { errors } = formState;
  return (
    <>
      <TextInput
        type="date"
        label="Expires on"
        description="Expires at the end of this day (UTC). Leave empty for no expiry."
        error={errors.expiresOn?.message}
        {...register("expiresOn", { setValueAs: emptyToNull })}
      />
      <TextInput
        inputMode="numeric"
        label="Requests per minute"
        description="Leave empty for no limit."
        error={errors.requestsPerMinute?.message}
        {...register("requestsPerMinute", { setValueAs: toNumber })}
      />
      <Textarea
        label="Allowed addresses"
        description="Addresses or networks, one per line. Leave empty to allow all."
        autosize
        minRows={2}
        error={listError(errors.addresses)}
        {...register("addresses", { setValueAs: toLines })}
      />
    </>
  );
}

function emptyToNull(value: string | null): string | null {
  return value === "" ? null : value;
}

function toNumber(value: string | number | null): number | null {
  return value === null || value === "" ? null : Number(value);
}

function toLines(value: string | string[]): string[] {
  return typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value;
}

type FieldError = { message?: string } | undefined;

/** The message of a list, or of the first entry that has one. */
function listError(error: FieldError | FieldError[]): string | undefined {
  const entries = Array.isArray(error) ? error : [error];
  return entries.find((entry) => entry !== undefined)?.message;
}
