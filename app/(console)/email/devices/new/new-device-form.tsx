"use client";

import { Checkbox, CheckboxGroup, Stack, Textarea, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useController, useFormContext } from "react-hook-form";
import type { z } from "zod";
import { searchEmailAccountsAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-field";
import { FormPage } from "@/components/form-page";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import { createDeviceSchema, type NewPassword, PROTOCOL_LABELS } from "@/lib/access/devices/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { createDeviceAction } from "../actions";
import { PasswordDialog } from "../password-dialog";

type DeviceValues = z.input<typeof createDeviceSchema>;
type NewDeviceFormProps = { accounts: Choices; chosen: Choice | null };

export function NewDeviceForm({ accounts, chosen }: NewDeviceFormProps) {
  const router = useRouter();
  const [made, setMade] = useState<NewPassword | null>(null);
  const actionForm = useActionForm({
    schema: createDeviceSchema,
    defaultValues: {
      name: "",
      emailAccountId: chosen?.id ?? "",
      protocols: ["smtp"],
      senders: [],
      networks: [],
      messagesPerMinute: null,
      expiresOn: null,
    },
    action: createDeviceAction,
    onSuccess: setMade,
  });
  const { register, formState, getValues } = actionForm.form;
  return (
    <>
      <FormPage actionForm={actionForm} submitLabel="Create Device" cancelHref={routes.devices}>
        <TextInput
          label="Name"
          description="Which device or program it is, such as Scanner, 3rd floor."
          autoComplete="off"
          withAsterisk
          error={formState.errors.name?.message}
          {...register("name")}
        />
        <ChoiceField<DeviceValues>
          name="emailAccountId"
          label="Email account"
          placeholder="Choose …"
          first={accounts}
          chosen={chosen}
          find={(search) => searchEmailAccountsAction({ search })}
        />
        <ProtocolsField />
        <LimitFields />
      </FormPage>
      {made && (
        <PasswordDialog
          name={getValues("name")}
          password={made.password}
          onClose={() => router.push(routes.device(made.id))}
        />
      )}
    </>
  );
}

function ProtocolsField() {
  const { field, fieldState } = useController<DeviceValues, "protocols">({ name: "protocols" });
  return (
    <CheckboxGroup
      label="What it does"
      value={field.value}
      onChange={field.onChange}
      error={fieldState.error?.message}
    >
      <Stack gap="xs" mt="xs">
        {Object.entries(PROTOCOL_LABELS).map(([protocol, label]) => (
          <Checkbox key={protocol} value={protocol} label={label} />
        ))}
      </Stack>
    </CheckboxGroup>
  );
}

function LimitFields() {
  const { register, formState } = useFormContext<DeviceValues>();
  const { errors } = formState;
  return (
    <>
      <Textarea
        label="Allowed senders"
        description="Addresses that it may send from, one per line. Leave empty for the account's own address."
        autosize
        minRows={2}
        error={listError(errors.senders)}
        {...register("senders", { setValueAs: toLines })}
      />
      <Textarea
        label="Allowed addresses"
        description="Network addresses that it may connect from, one per line. Leave empty to allow all."
        autosize
        minRows={2}
        error={listError(errors.networks)}
        {...register("networks", { setValueAs: toLines })}
      />
      <TextInput
        inputMode="numeric"
        label="Messages per minute"
        description="Leave empty for no limit."
        error={errors.messagesPerMinute?.message}
        {...register("messagesPerMinute", { setValueAs: toNumber })}
      />
      <TextInput
        type="date"
        label="Expires on"
        description="Expires at the end of this day (UTC). Leave empty for no expiry."
        error={errors.expiresOn?.message}
        {...register("expiresOn", { setValueAs: (day) => (day === "" ? null : day) })}
      />
    </>
  );
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
