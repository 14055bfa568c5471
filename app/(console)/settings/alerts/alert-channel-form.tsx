"use client";

import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { Route } from "next";
import { useFormContext } from "react-hook-form";
import { searchSendersAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-field";
import { FormPage } from "@/components/form-page";
import { SwitchField } from "@/components/switch-field";
import type { ActionForm } from "@/components/use-action-form";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { CHANNEL_KINDS, CHANNEL_LABELS } from "@/lib/watch/alerts/schema";
import type { ChannelValues } from "./channel-values";
import { EMPTY_SMTP, ServerFields } from "./server-fields";

type AlertChannelFormProps<V extends ChannelValues> = {
  actionForm: ActionForm<V>;
  /** Accounts that can send, and the one that does. */
  accounts: Choices;
  account: Choice | null;
  submitLabel: string;
  cancelHref: Route;
  /** The kind of a channel that exists stays what it is. */
  isNew: boolean;
  hasPassword: boolean;
  /** What may be shown of a webhook's address; empty when none is stored. */
  storedAddress: string;
};

export function AlertChannelForm<V extends ChannelValues>(props: AlertChannelFormProps<V>) {
  const { accounts, account, isNew, hasPassword, storedAddress, ...page } = props;
  return (
    <FormPage {...page}>
      <NameFields isNew={isNew} />
      <TargetFields
        accounts={accounts}
        account={account}
        hasPassword={hasPassword}
        storedAddress={storedAddress}
      />
      <LinksField />
      <SwitchField<ChannelValues>
        name="enabled"
        label="Switched on"
        description="Pending alerts are sent when you switch the channel back on."
      />
    </FormPage>
  );
}

/** A mail channel can reach any person; a webhook can't. */
function LinksField() {
  const { watch } = useFormContext<ChannelValues>();
  const kind = watch("kind");
  if (kind === "webhook") return null;
  return (
    <SwitchField<ChannelValues>
      name="sendsLinks"
      label="Also sends links to people"
      description={kind === "email_account" ? `${LINKS} ${LINKS_OF_ACCOUNT}` : LINKS}
    />
  );
}

const LINKS =
  "Sign-in links to owners of mailboxes, invitations and password links. One channel can do so.";
const LINKS_OF_ACCOUNT =
  "Devices of this email account can then send, but no longer read its mail. If someone changes where or as whom the account signs in, no links are sent until you switch this on again.";

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

type TargetFieldsProps = {
  accounts: Choices;
  account: Choice | null;
  hasPassword: boolean;
  storedAddress: string;
};

/** Where alerts go, and through what. */
function TargetFields(props: TargetFieldsProps) {
  const { accounts, account, hasPassword, storedAddress } = props;
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
        <AccountField accounts={accounts} account={account} />
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

function AccountField({ accounts, account }: Pick<TargetFieldsProps, "accounts" | "account">) {
  return (
    <ChoiceField<ChannelValues>
      name="emailAccountId"
      label="Email account that sends"
      description="If this account fails, so do its alerts. Add a channel using another provider."
      placeholder={accounts.found.length === 0 ? "No email accounts yet" : "Choose …"}
      withAsterisk
      first={accounts}
      find={(search) => searchSendersAction({ search })}
      chosen={account}
    />
  );
}
