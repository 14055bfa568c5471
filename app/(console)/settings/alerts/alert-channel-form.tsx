"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { SelectField, SwitchField } from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { showOnce } from "@/components/shown-once-store";
import { TextField } from "@/components/text-fields";
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
import type { ChannelValues } from "./channel-values";
import { SigningSecretDialog } from "./signing-secret-dialog";
import { EMPTY_SMTP, TargetFields } from "./target-fields";

type AlertChannelFormProps = {
  accounts: Choices;
  account: Choice | null;
  /** Left out for a new one. */
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
      <NameFields isNew={!edited} />
      <TargetFields
        accounts={accounts}
        account={account}
        hasPassword={edited?.hasSecret ?? false}
        storedAddress={edited && targetFields(edited.target).origin ? edited.targetText : ""}
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
