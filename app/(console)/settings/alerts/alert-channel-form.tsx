"use client";

import type { Route } from "next";
import { useFormContext } from "react-hook-form";
import { SelectField, SwitchField } from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { TextField } from "@/components/text-fields";
import type { ActionForm } from "@/components/use-action-form";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { CHANNEL_KINDS, CHANNEL_LABELS } from "@/lib/watch/alerts/schema";
import type { ChannelValues } from "./channel-values";
import { EMPTY_SMTP, TargetFields } from "./target-fields";

type AlertChannelFormProps<V extends ChannelValues> = {
  actionForm: ActionForm<V>;
  accounts: Choices;
  account: Choice | null;
  submitLabel: string;
  cancelHref: Route;
  isNew: boolean;
  hasPassword: boolean;
  /** What may be shown of a webhook's address; empty if none is stored. */
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
  const { setValue, getValues } = useFormContext<ChannelValues>();
  const changeKind = () => setValue("smtp", getValues("kind") === "smtp" ? EMPTY_SMTP : null);
  return (
    <>
      <TextField<ChannelValues> name="name" label="Name" autoFocus withAsterisk />
      {isNew && (
        <SelectField<ChannelValues>
          name="kind"
          onChange={changeKind}
          label="Sent as"
          data={CHANNEL_KINDS.map((value) => ({ value, label: CHANNEL_LABELS[value] }))}
        />
      )}
    </>
  );
}
