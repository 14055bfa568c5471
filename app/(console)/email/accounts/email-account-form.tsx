"use client";

import { Group, NativeSelect, PasswordInput, Stack, Textarea, TextInput } from "@mantine/core";
import type { Route } from "next";
import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { AdvancedFields } from "@/components/advanced-fields";
import { CanOpen } from "@/components/can";
import { ChoiceField } from "@/components/choice-field";
import { FormPage } from "@/components/form-page";
import { InlineLink } from "@/components/links";
import { SwitchField } from "@/components/switch-field";
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
  /** Of an account that exists, the key stays what it is. */
  proposesKey?: boolean;
};

/** In the order in which one thinks: where the mailbox is, whose it is, and what it is called. */
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
  const { register, watch, getValues, formState } = useFormContext<AccountValues>();
  const { errors } = formState;
  // Once it is there the field stays in sight, also while it is emptied.
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
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
        error={errors.description?.message}
        {...register("description")}
      />
      <AdvancedFields
        hint={isModern ? "Mailbox, connection test" : "Connection test"}
        isOpen={hasMailbox}
      >
        {isModern && (
          <TextInput
            label="Mailbox"
            description="The mailbox to open. Leave empty if it is the email address."
            autoComplete="off"
            error={errors.mailbox?.message}
            {...register("mailbox")}
          />
        )}
        <NativeSelect
          label="Connection test"
          description={`How often Postkey tests automatically. Failures raise an alert. ${FAILED_TESTS_REPEAT}`}
          data={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
          error={errors.testSchedule?.message}
          {...register("testSchedule")}
        />
      </AdvancedFields>
    </>
  );
}

/** What the account is called, for people and on the agents' tabs. */
function NameFields({ proposesKey }: { proposesKey: boolean }) {
  const { register, formState } = useFormContext<AccountValues>();
  const { errors } = formState;
  const propose = useProposedKey();
  const following = proposesKey ? propose : undefined;
  return (
    <Group grow align="flex-start" preventGrowOverflow={false}>
      <TextInput
        label="Name"
        autoComplete="off"
        withAsterisk
        miw={200}
        error={errors.name?.message}
        {...register("name", { ...(following && { onChange: following }) })}
      />
      <TextInput
        label="Key"
        description={`Up to ${KEY_MAX} characters, shown on agents' tabs in your mail software.${proposesKey ? " Leave empty for a free one." : ""}`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        autoComplete="off"
        withAsterisk={!proposesKey}
        miw={140}
        error={errors.key?.message}
        {...register("key", { ...(following && { onBlur: following }) })}
      />
    </Group>
  );
}

/** How Postkey gets into a mailbox with a password. */
function PasswordSignInFields({ hasPassword }: { hasPassword: boolean }) {
  const { register, formState } = useFormContext<AccountValues>();
  return (
    <>
      <EmailAddressField isLogin />
      <TextInput
        label="Username"
        description="The user name for the mail server."
        autoComplete="off"
        withAsterisk
        error={formState.errors.username?.message}
        {...register("username")}
      />
      <PasswordInput
        label="Password"
        description={
          hasPassword
            ? "A password is stored. Leave this empty to keep it for the same servers and user name."
            : undefined
        }
        autoComplete="new-password"
        withAsterisk={!hasPassword}
        aria-invalid={formState.errors.password?.message !== undefined}
        error={formState.errors.password?.message}
        {...register("password")}
      />
    </>
  );
}

type ProviderFieldProps = Pick<AccountChoices, "providers" | "provider">;

/** The app registration whose sign-ins the account uses. */
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

/** Whose address goes to the list, and of which messages. */
function CaptureSwitches() {
  return (
    <Stack gap="xs">
      {SWITCHES.map((field) => (
        <SwitchField<AccountValues> key={field.name} {...field} />
      ))}
    </Stack>
  );
}
