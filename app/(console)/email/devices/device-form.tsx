"use client";

import { Checkbox, CheckboxGroup, Stack } from "@mantine/core";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useController } from "react-hook-form";
import type { z } from "zod";
import { searchEmailAccountsAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-input";
import {
  AdvancedFields,
  DayField,
  LinesField,
  NumberField,
  SwitchField,
  TextField,
} from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { knownChoice } from "@/components/known-choices";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { showOnce } from "@/components/shown-once";
import { type ActionForm, useActionForm } from "@/components/use-action-form";
import {
  createDeviceSchema,
  type DeviceRow,
  type GatewayDescription,
  PROTOCOL_LABELS,
  updateDeviceSchema,
} from "@/lib/devices/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { pick } from "@/lib/kernel/pick";
import { createDeviceAction, updateDeviceAction } from "./actions";
import { PortFields, ServerFields } from "./connection-fields";
import { PasswordDialog } from "./password-dialog";

type DeviceValues = z.input<typeof createDeviceSchema>;

type NewDeviceFormProps = { accounts: Choices; chosen: Choice | null; gateway: GatewayDescription };

export function NewDeviceForm({ accounts, chosen, gateway }: NewDeviceFormProps) {
  const router = useRouter();
  const actionForm = useActionForm({
    schema: createDeviceSchema,
    defaultValues: {
      name: "",
      emailAccountId: chosen?.id ?? "",
      protocols: ["smtp"],
      senders: [],
      rewriteFrom: false,
      networks: [],
      messagesPerMinute: null,
      expiresOn: null,
    },
    // The fields may have changed since.
    action: async (sent) => {
      const created = await createDeviceAction(sent);
      return created.ok ? { ok: true, data: { ...created.data, sent } } : created;
    },
    onSuccess: ({ id, password, sent: { name, emailAccountId, protocols } }): void => {
      const known = [chosen, ...accounts.found, knownChoice(emailAccountId)];
      const userName = known.find((choice) => choice?.id === emailAccountId)?.detail;
      showOnce(
        <PasswordDialog name={name} password={password}>
          {userName !== undefined && <ServerFields gateway={gateway} userName={userName} />}
          <PortFields gateway={gateway} protocols={protocols} />
        </PasswordDialog>,
      );
      router.push(routes.device(id));
    },
  });
  return (
    <DeviceForm
      actionForm={actionForm}
      accounts={accounts}
      chosen={chosen}
      submitLabel="Create Device"
      cancelHref={routes.devices}
    />
  );
}

const FIELDS = Object.keys(updateDeviceSchema.shape) as (keyof typeof updateDeviceSchema.shape)[];

export function EditDeviceForm({ device, accounts }: { device: DeviceRow; accounts: Choices }) {
  const router = useRouter();
  const { id, emailAccountId, accountName, emailAddress } = device;
  const actionForm = useActionForm({
    schema: updateDeviceSchema,
    defaultValues: pick(device, FIELDS),
    action: updateDeviceAction,
    onSuccess: () => {
      notifySuccess("Saved. The password stays the same.");
      router.push(routes.device(id));
    },
  });
  return (
    <DeviceForm
      actionForm={actionForm}
      accounts={accounts}
      chosen={{ id: emailAccountId, name: accountName, detail: emailAddress }}
      submitLabel="Save"
      cancelHref={routes.device(id)}
    />
  );
}

type DeviceFormProps<V extends DeviceValues> = {
  actionForm: ActionForm<V>;
  accounts: Choices;
  chosen: Choice | null;
  submitLabel: string;
  cancelHref: Route;
};

function DeviceForm<V extends DeviceValues>(props: DeviceFormProps<V>) {
  const { accounts, chosen, ...page } = props;
  return (
    <FormPage {...page}>
      <TextField<DeviceValues>
        name="name"
        label="Name"
        description="Which device or program it is, such as Scanner, 3rd floor."
        withAsterisk
      />
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
    </FormPage>
  );
}

function AccountAdvice({ hasAccounts }: { hasAccounts: boolean }) {
  return (
    <>
      The account whose mail it sends and reads.{" "}
      {hasAccounts ? (
        <InlineLink href="/email/accounts">See all email accounts</InlineLink>
      ) : (
        <InlineLink href="/email/accounts/new">Create an email account first</InlineLink>
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
