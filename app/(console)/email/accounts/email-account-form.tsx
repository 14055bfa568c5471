"use client";

import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { Route } from "next";
import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { AdvancedFields } from "@/components/advanced-fields";
import { FormPage } from "@/components/form-page";
import { SwitchField } from "@/components/switch-field";
import type { ActionForm } from "@/components/use-action-form";
import {
  FAILED_TESTS_REPEAT,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
} from "@/lib/email-accounts/schema";
import type { AccountChoices, AccountValues } from "./account-values";
import { CaptureSwitches } from "./capture-switches";
import { ContactListField } from "./contact-list-field";
import { MailboxFields } from "./mailbox-fields";
import { NameFields } from "./name-fields";
import { PasswordSignInFields } from "./password-sign-in-fields";
import { ProviderField } from "./provider-field";
import { ServiceFields } from "./service-fields";

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
