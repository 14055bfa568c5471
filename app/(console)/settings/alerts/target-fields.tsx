"use client";

import { Group } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import { searchSendersAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-field";
import { EndpointFields } from "@/components/endpoint-fields";
import { TextareaField } from "@/components/fields";
import { PasswordField, TextField } from "@/components/text-fields";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import type { ChannelValues } from "./channel-values";

type TargetFieldsProps = {
  accounts: Choices;
  account: Choice | null;
  hasPassword: boolean;
  storedAddress: string;
};

export function TargetFields(props: TargetFieldsProps) {
  const { accounts, account, hasPassword, storedAddress } = props;
  const { watch } = useFormContext<ChannelValues>();
  const kind = watch("kind");
  if (kind === "webhook") return <UrlField storedAddress={storedAddress} />;
  return (
    <>
      <TextareaField<ChannelValues>
        name="recipients"
        label="Recipients"
        description="Separate addresses with commas or new lines."
        autosize
        minRows={1}
        maxRows={6}
        withAsterisk
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
  return (
    <TextField<ChannelValues>
      name="url"
      label="Address"
      description={
        storedAddress
          ? `${storedAddress} is stored. Leave this empty to keep it.`
          : "Receives a signed POST with JSON (Standard Webhooks). Redirects are not followed. Stored encrypted: only the host is shown again."
      }
      placeholder={storedAddress || "https://hooks.example.com/postkey"}
      inputMode="url"
      spellCheck={false}
      withAsterisk={!storedAddress}
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

export const EMPTY_SMTP = { host: "", port: 587, tls: "starttls" } as const;

function ServerFields({ hasPassword }: { hasPassword: boolean }) {
  return (
    <>
      <EndpointFields name="smtp" protocol="SMTP" isRequired />
      <TextField<ChannelValues>
        name="from"
        label="Sender"
        description="The From address."
        type="email"
        withAsterisk
      />
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <TextField<ChannelValues>
          name="user"
          label="Username"
          description="Leave empty if the server needs none."
          miw={180}
        />
        <PasswordField<ChannelValues>
          name="password"
          label="Password"
          description={
            hasPassword
              ? "A password is stored. Leave this empty to keep it for the same server and user."
              : "Stored encrypted."
          }
          autoComplete="new-password"
          miw={180}
        />
      </Group>
    </>
  );
}
