"use client";

import { Group } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFormContext } from "react-hook-form";
import type { z } from "zod";
import { searchSendersAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-input";
import { EndpointFields } from "@/components/endpoint-fields";
import {
  PasswordField,
  SelectField,
  SwitchField,
  TextareaField,
  TextField,
} from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { showOnce } from "@/components/shown-once";
import { editing, useActionForm } from "@/components/use-action-form";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import {
  type AlertChannelDetail,
  CHANNEL_KINDS,
  CHANNEL_LABELS,
  createAlertChannelSchema,
  targetFields,
  updateAlertChannelSchema,
} from "@/lib/watch/alerts/schema";
import { createAlertChannelAction, updateAlertChannelAction } from "./actions";
import { SigningSecretDialog } from "./alert-channel-menu";

type AlertChannelFormProps = {
  accounts: Choices;
  account: Choice | null;
  channel?: AlertChannelDetail;
};

export function AlertChannelForm({ accounts, account, channel }: AlertChannelFormProps) {
  const router = useRouter();
  const [edited] = useState(channel);
  const actionForm = useActionForm<ChannelValues, { id: string; secret?: string | null }>({
    schema: edited ? updateAlertChannelSchema : createAlertChannelSchema,
    defaultValues: edited ? valuesOf(edited) : { ...EMPTY, emailAccountId: account?.id ?? null },
    action: (values) =>
      edited
        ? editing(edited, updateAlertChannelAction({ ...values, ...keyOf(edited) }))
        : createAlertChannelAction(values),
    onSuccess: ({ id, secret }): void => {
      notifySuccess(`${edited ? "Saved." : "The channel was added."} Next: Send a test.`);
      const { name } = actionForm.form.getValues();
      if (secret) showOnce(<SigningSecretDialog name={name} secret={secret} />);
      router.push(routes.alertChannel(id));
    },
  });
  return (
    <FormPage
      actionForm={actionForm}
      submitLabel={edited ? "Save" : "Add channel"}
      cancelHref={edited ? routes.alertChannel(edited.id) : "/settings/alerts"}
    >
      <ChannelFields accounts={accounts} account={account} edited={edited} />
    </FormPage>
  );
}

const EMPTY: ChannelValues = {
  name: "",
  enabled: true,
  sendsLinks: false,
  kind: "email_account",
  recipients: "",
  emailAccountId: null,
  smtp: null,
  from: "",
  user: "",
  password: "",
  url: "",
};

const keyOf = ({ id, version }: AlertChannelDetail) => ({ id, version });

function valuesOf(channel: AlertChannelDetail): ChannelValues {
  const { name, enabled, sendsLinks, kind, target } = channel;
  const { origin: _origin, recipients, ...fields } = targetFields(target);
  const own = { name, enabled, sendsLinks, kind, recipients: recipients.join(", ") };
  return { ...EMPTY, ...keyOf(channel), ...own, ...fields };
}

const LINKS =
  "Sign-in links to owners of mailboxes, invitations and password links. One channel can do so.";
const LINKS_OF_ACCOUNT =
  "Devices of this email account can then send, but no longer read its mail. If someone changes where or as whom the account signs in, no links are sent until you switch this on again.";

type ChannelFieldsProps = Omit<AlertChannelFormProps, "channel"> & {
  edited: AlertChannelDetail | undefined;
};

function ChannelFields({ accounts, account, edited }: ChannelFieldsProps) {
  const { watch, setValue, getValues } = useFormContext<ChannelValues>();
  const kind = watch("kind");
  const changeKind = () => setValue("smtp", getValues("kind") === "smtp" ? EMPTY_SMTP : null);
  return (
    <>
      <TextField<ChannelValues> name="name" label="Name" autoFocus withAsterisk />
      {!edited && (
        <SelectField<ChannelValues>
          name="kind"
          onChange={changeKind}
          label="Sent as"
          data={CHANNEL_KINDS.map((value) => ({ value, label: CHANNEL_LABELS[value] }))}
        />
      )}
      {kind === "webhook" ? (
        <UrlField
          storedAddress={edited && targetFields(edited.target).origin ? edited.targetText : ""}
        />
      ) : (
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
            <ServerFields hasPassword={edited?.hasSecret ?? false} />
          )}
          <SwitchField<ChannelValues>
            name="sendsLinks"
            label="Also sends links to people"
            description={kind === "email_account" ? `${LINKS} ${LINKS_OF_ACCOUNT}` : LINKS}
          />
        </>
      )}
      <SwitchField<ChannelValues>
        name="enabled"
        label="Switched on"
        description="Pending alerts are sent when you switch the channel back on."
      />
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

function AccountField({ accounts, account }: Pick<ChannelFieldsProps, "accounts" | "account">) {
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

const EMPTY_SMTP = { host: "", port: 587, tls: "starttls" } as const;

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

type ChannelValues = z.input<typeof createAlertChannelSchema>;
