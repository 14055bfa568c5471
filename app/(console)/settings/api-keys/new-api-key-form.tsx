"use client";

import { Button, Checkbox, CheckboxGroup, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { Controller } from "react-hook-form";
import { FormProblem } from "@/components/form-problem";
import { useActionForm } from "@/components/use-action-form";
import { createApiKeySchema, KEY_PERMISSIONS } from "@/lib/access/api-keys/schema";
import type { AccountChoice } from "@/lib/email-accounts/schema";
import { AccountsField } from "./accounts-field";
import { createApiKeyAction } from "./actions";

type NewApiKeyFormProps = {
  accounts: AccountChoice[];
  onCreated: (key: string) => void;
  onCancel: () => void;
};

export function NewApiKeyForm({ accounts, onCreated, onCancel }: NewApiKeyFormProps) {
  const { form, submit, problem, isSaving } = useActionForm({
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
  const { errors } = form.formState;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          label="Name"
          description="Which program uses it."
          autoComplete="off"
          data-autofocus
          withAsterisk
          error={errors.name?.message}
          {...form.register("name")}
        />
        <Controller
          control={form.control}
          name="permissions"
          render={({ field: { value, onChange }, fieldState }) => (
            <CheckboxGroup
              label="Permissions"
              value={value}
              onChange={onChange}
              error={fieldState.error?.message}
            >
              <Stack gap="xs" mt="xs">
                {Object.entries(KEY_PERMISSIONS).map(([permission, label]) => (
                  <Checkbox key={permission} value={permission} label={label} />
                ))}
              </Stack>
            </CheckboxGroup>
          )}
        />
        <AccountsField form={form} accounts={accounts} />
        <TextInput
          type="date"
          label="Expires on"
          description="Expires at the end of this day (UTC). Leave empty for no expiry."
          error={errors.expiresOn?.message}
          {...form.register("expiresOn", { setValueAs: emptyToNull })}
        />
        <TextInput
          inputMode="numeric"
          label="Requests per minute"
          description="Leave empty for no limit."
          error={errors.requestsPerMinute?.message}
          {...form.register("requestsPerMinute", { setValueAs: toNumber })}
        />
        <Textarea
          label="Allowed addresses"
          description="Addresses or networks, one per line. Leave empty to allow all."
          autosize
          minRows={2}
          error={listError(errors.addresses)}
          {...form.register("addresses", { setValueAs: toLines })}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
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

/** The message of a list, or of the first entry that has one. */
function listError(error: unknown): string | undefined {
  const entries = Array.isArray(error) ? error.filter(Boolean) : [error];
  const [first] = entries as ({ message?: string } | undefined)[];
  return first?.message;
}
