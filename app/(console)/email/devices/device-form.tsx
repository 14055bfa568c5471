"use client";

import { Checkbox, CheckboxGroup, Stack, TextInput } from "@mantine/core";
import type { Route } from "next";
import { useController } from "react-hook-form";
import type { z } from "zod";
import { searchEmailAccountsAction } from "@/app/(console)/choices/actions";
import { AdvancedFields } from "@/components/advanced-fields";
import { ChoiceField } from "@/components/choice-field";
import { DayField, LinesField, NumberField, SwitchField } from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { InlineLink } from "@/components/links";
import { pageAt } from "@/components/routes";
import type { ActionForm } from "@/components/use-action-form";
import { type createDeviceSchema, PROTOCOL_LABELS } from "@/lib/access/devices/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";

type DeviceValues = z.input<typeof createDeviceSchema>;

type DeviceFormProps<V extends DeviceValues> = {
  actionForm: ActionForm<V>;
  accounts: Choices;
  chosen: Choice | null;
  submitLabel: string;
  cancelHref: Route;
};

export function DeviceForm<V extends DeviceValues>(props: DeviceFormProps<V>) {
  const { actionForm, accounts, chosen, submitLabel, cancelHref } = props;
  return (
    <FormPage actionForm={actionForm} submitLabel={submitLabel} cancelHref={cancelHref}>
      <NameField />
      <ChoiceField<DeviceValues>
        name="emailAccountId"
        label="Email account"
        description={<AccountAdvice hasAccounts={accounts.found.length > 0} />}
        placeholder={accounts.found.length === 0 ? "No email accounts yet" : "Choose …"}
        withAsterisk
        first={accounts}
        chosen={chosen}
        find={(search) => searchEmailAccountsAction({ search })}
      />
      <ProtocolsField />
      <LimitFields />
    </FormPage>
  );
}

function NameField() {
  const { field, fieldState } = useController<DeviceValues, "name">({ name: "name" });
  return (
    <TextInput
      label="Name"
      description="Which device or program it is, such as Scanner, 3rd floor."
      autoComplete="off"
      withAsterisk
      error={fieldState.error?.message}
      {...field}
    />
  );
}

function AccountAdvice({ hasAccounts }: { hasAccounts: boolean }) {
  return (
    <>
      The account whose mail it sends and reads.{" "}
      {hasAccounts ? (
        <InlineLink href={pageAt("/email/accounts")}>See all email accounts</InlineLink>
      ) : (
        <InlineLink href={pageAt("/email/accounts/new")}>Create an email account first</InlineLink>
      )}
    </>
  );
}

function ProtocolsField() {
  const { field, fieldState } = useController<DeviceValues, "protocols">({ name: "protocols" });
  return (
    <CheckboxGroup
      label="What it does"
      withAsterisk
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
  return (
    <>
      <LinesField<DeviceValues>
        name="senders"
        label="Allowed senders"
        description="Addresses that it may send from, one per line. Leave empty for the account's own address."
      />
      <LinesField<DeviceValues>
        name="networks"
        label="Allowed networks"
        description="Networks or addresses that it may connect from, such as 10.0.0.0/8, one per line. Leave empty to allow all."
      />
      <NumberField<DeviceValues>
        name="messagesPerMinute"
        label="Messages per minute"
        description="Leave empty for no limit."
      />
      <DayField<DeviceValues>
        name="expiresOn"
        label="Expires on"
        description="Expires at the end of this day (UTC). Leave empty for no expiry."
      />
      <AdvancedFields hint="Replace the From address">
        <SwitchField<DeviceValues>
          name="rewriteFrom"
          label="Replace the From address"
          description="For a device that sends from an address of its own, or failure notices, which have none. From becomes the account's address, and Reply-To the original one. A DKIM signature of the device is no longer valid."
        />
      </AdvancedFields>
    </>
  );
}
