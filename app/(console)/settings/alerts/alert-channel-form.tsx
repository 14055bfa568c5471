"use client";

import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { Route } from "next";
import { useFormContext } from "react-hook-form";
import { FormPage } from "@/components/form-page";
import { SwitchField } from "@/components/switch-field";
import type { ActionForm } from "@/components/use-action-form";
import { CHANNEL_KINDS, CHANNEL_LABELS } from "@/lib/watch/alerts/schema";
import type { ChannelValues } from "./channel-values";
import { EMPTY_SMTP, ServerFields } from "./server-fields";

export type AccountOption = { id: string; name: string; emailAddress: string };

type AlertChannelFormProps<V extends ChannelValues> = {
  actionForm: ActionForm<V>;
  accounts: AccountOption[];
  submitLabel: string;
  cancelHref: Route;
  /** The kind of a channel that exists stays what it is. */
  isNew: boolean;
  hasPassword: boolean;
  /** What may be shown of a webhook's address; empty when none is stored. */
  storedAddress: string;
};

export function AlertChannelForm<V extends ChannelValues>(props: AlertChannelFormProps<V>) {
  const { accounts, isNew, hasPassword, storedAddress, ...page } = props;
  return (
    <FormPage {...page}>
      <NameFields isNew={isNew} />
      <TargetFields accounts={accounts} hasPassword={hasPassword} storedAddress={storedAddress} />
      <SwitchField<ChannelValues>
        name="enabled"
        label="Switched on"
        description="Pending alerts are sent when you switch the channel back on."
      />
    </FormPage>
  );
}

function NameFields({ isNew }: { isNew: boolean }) {
  const { register, setValue, getValues, formState } = useFormContext<ChannelValues>();
  const changeKind = () => setValue("smtp", getValues("kind") === "smtp" ? EMPTY_SMTP : null);
  return (
    <>
      <TextInput
        label="Name"
        autoComplete="off"
        autoFocus
        withAsterisk
        error={formState.errors.name?.message}
        {...register("name")}
      />
      {isNew && (
        <NativeSelect
          label="Sent as"
          data={CHANNEL_KINDS.map((value) => ({ value, label: CHANNEL_LABELS[value] }))}
          error={formState.errors.kind?.message}
          {...register("kind", { onChange: changeKind })}
        />
      )}
    </>
  );
}

type TargetFieldsProps = { accounts: AccountOption[]; hasPassword: boolean; storedAddress: string };

/** Where alerts go, and through what. */
function TargetFields({ accounts, hasPassword, storedAddress }: TargetFieldsProps) {
  const { register, watch, formState } = useFormContext<ChannelValues>();
  const kind = watch("kind");
  if (kind === "webhook") return <UrlField storedAddress={storedAddress} />;
  return (
    <>
      <Textarea
        label="Recipients"
        description="Separate addresses with commas or new lines."
        autosize
        minRows={1}
        maxRows={6}
        withAsterisk
        error={formState.errors.recipients?.message}
        {...register("recipients")}
      />
      {kind === "email_account" ? (
        <AccountField accounts={accounts} />
      ) : (
        <ServerFields hasPassword={hasPassword} />
      )}
    </>
  );
}

function UrlField({ storedAddress }: { storedAddress: string }) {
  const { register, formState } = useFormContext<ChannelValues>();
  return (
    <TextInput
      label="Address"
      description={
        storedAddress
          ? `${storedAddress} is stored. Leave this empty to keep it.`
          : "Receives a signed POST with JSON (Standard Webhooks). Redirects are not followed. Stored encrypted: only the host is shown again."
      }
      placeholder={storedAddress || "https://hooks.example.com/postkey"}
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      withAsterisk={!storedAddress}
      error={formState.errors.url?.message}
      {...register("url")}
    />
  );
}

function AccountField({ accounts }: { accounts: AccountOption[] }) {
  const { register, formState } = useFormContext<ChannelValues>();
  return (
    <NativeSelect
      label="Email account that sends"
      description="If this account fails, so do its alerts. Add a channel using another provider."
      withAsterisk
      data={[
        { value: "", label: accounts.length === 0 ? "No email accounts yet" : "Choose …" },
        ...accounts.map(({ id, name, emailAddress }) => ({
          value: id,
          label: `${name} (${emailAddress})`,
        })),
      ]}
      error={formState.errors.emailAccountId?.message}
      {...register("emailAccountId", { setValueAs: (value) => value || null })}
    />
  );
}
