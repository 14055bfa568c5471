"use client";

import { Group, Stack } from "@mantine/core";
import type { Route } from "next";
import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { AdvancedFields } from "@/components/advanced-fields";
import { CanOpen } from "@/components/can";
import { ChoiceField } from "@/components/choice-field";
import { SelectField, SwitchField, TextareaField } from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { InlineLink } from "@/components/links";
import { PasswordField, TextField } from "@/components/text-fields";
import type { ActionForm } from "@/components/use-action-form";
import {
  FAILED_TESTS_REPEAT,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
} from "@/lib/email-accounts/schema";
import { KEY_MAX } from "@/lib/kernel/fields/schema";
import type { AccountChoices, AccountValues } from "./account-values";
import { ContactListField } from "./contact-list-field";
import { EmailAddressField } from "./email-address-field";
import { MailboxFields } from "./mailbox-fields";
import { ServiceFields } from "./service-fields";
import { useProposedKey } from "./use-proposed-key";

type EmailAccountFormProps<V extends AccountValues> = {
  actionForm: ActionForm<V>;
  choices: AccountChoices;
  submitLabel: string;
  cancelHref: Route;
  hasPassword: boolean;
  proposesKey?: boolean;
};

export function EmailAccountForm<V extends AccountValues>(props: EmailAccountFormProps<V>) {
  const { choices, hasPassword, proposesKey = false, ...page } = props;
  return (
    <FormPage {...page}>
      <ServiceFields />
      <SignInFields choices={choices} hasPassword={hasPassword} />
      <NameFields proposesKey={proposesKey} />
      <ContactListField lists={choices.lists} chosen={choices.list} />
      <OtherFields />
    </FormPage>
  );
}

type SignInFieldsProps = { choices: AccountChoices; hasPassword: boolean };

function SignInFields({ choices, hasPassword }: SignInFieldsProps) {
  const isModern = useFormContext<AccountValues>().watch("modernAuthentication");
  if (!isModern) return <PasswordSignInFields hasPassword={hasPassword} />;
  return (
    <>
      <ProviderField {...choices} />
      <MailboxFields />
    </>
  );
}

function OtherFields() {
  const { watch, getValues } = useFormContext<AccountValues>();
  // Once shown, the field stays while it is emptied.
  const [hasMailbox, setMailbox] = useState(Boolean(getValues("mailbox")));
  if (!hasMailbox && getValues("mailbox")) setMailbox(true);
  const isModern = watch("modernAuthentication");
  return (
    <>
      {watch("contactListId") && <CaptureSwitches />}
      <SwitchField<AccountValues>
        name="active"
        label="Active"
        description="Postkey keeps inactive accounts but doesn't use them."
      />
      <TextareaField<AccountValues>
        name="description"
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
      />
      <AdvancedFields
        hint={isModern ? "Mailbox, connection test" : "Connection test"}
        isOpen={hasMailbox}
      >
        {isModern && (
          <TextField<AccountValues>
            name="mailbox"
            label="Mailbox"
            description="The mailbox to open. Leave empty if it is the email address."
          />
        )}
        <SelectField<AccountValues>
          name="testSchedule"
          label="Connection test"
          description={`How often Postkey tests automatically. Failures raise an alert. ${FAILED_TESTS_REPEAT}`}
          data={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
        />
      </AdvancedFields>
    </>
  );
}

function NameFields({ proposesKey }: { proposesKey: boolean }) {
  const propose = useProposedKey();
  const following = proposesKey ? propose : undefined;
  return (
    <Group grow align="flex-start" preventGrowOverflow={false}>
      <TextField<AccountValues>
        name="name"
        onChange={following}
        label="Name"
        withAsterisk
        miw={200}
      />
      <TextField<AccountValues>
        name="key"
        onBlur={following}
        label="Key"
        description={`Up to ${KEY_MAX} characters, shown on agents' tabs in your mail software.${proposesKey ? " Leave empty for a free one." : ""}`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        withAsterisk={!proposesKey}
        miw={140}
      />
    </Group>
  );
}

function PasswordSignInFields({ hasPassword }: { hasPassword: boolean }) {
  return (
    <>
      <EmailAddressField isLogin />
      <TextField<AccountValues>
        name="username"
        label="Username"
        description="The user name for the mail server."
        withAsterisk
      />
      <PasswordField<AccountValues>
        name="password"
        label="Password"
        description={
          hasPassword
            ? "A password is stored. Leave this empty to keep it for the same servers and user name."
            : undefined
        }
        autoComplete="new-password"
        withAsterisk={!hasPassword}
      />
    </>
  );
}

type ProviderFieldProps = Pick<AccountChoices, "providers" | "provider">;

function ProviderField({ providers, provider }: ProviderFieldProps) {
  return (
    <ChoiceField<AccountValues>
      name="cloudProviderId"
      label="Cloud Provider"
      description={
        providers.found.length === 0 && (
          <>
            No cloud providers yet.{" "}
            <CanOpen
              href="/settings/cloud-providers/new"
              otherwise="Ask an administrator to add one."
            >
              <InlineLink href="/settings/cloud-providers/new">Add a cloud provider</InlineLink>{" "}
              first.
            </CanOpen>
          </>
        )
      }
      placeholder="Choose …"
      withAsterisk
      first={providers}
      find={(search) => searchCloudProvidersAction({ search })}
      chosen={provider}
    />
  );
}

const SWITCHES = [
  {
    name: "captureReplyTo",
    label: "Save the Reply-To address",
    description:
      "If a message has a Reply-To address, that is saved instead of the sender. Use this for web forms that send on people's behalf.",
  },
  {
    name: "captureAutomatic",
    label: "Save automatic senders",
    description:
      "Newsletters, bounces, out-of-office answers and no-reply addresses become contacts too.",
  },
] as const;

function CaptureSwitches() {
  return (
    <Stack gap="xs">
      {SWITCHES.map((field) => (
        <SwitchField<AccountValues> key={field.name} {...field} />
      ))}
    </Stack>
  );
}
