"use client";

import { Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { Route } from "next";
import { useFormContext } from "react-hook-form";
import { FormPage } from "@/components/form-page";
import { SwitchField } from "@/components/switch-field";
import type { ActionForm } from "@/components/use-action-form";
import { TEST_SCHEDULE_LABELS, TEST_SCHEDULES } from "@/lib/email-accounts/schema";
import { KEY_MAX } from "@/lib/kernel/fields/schema";
import type { AccountChoices, AccountValues } from "./account-values";
import { CaptureSwitches } from "./capture-switches";
import { ContactListField } from "./contact-list-field";
import { SignInFields } from "./sign-in-fields";

type EmailAccountFormProps<V extends AccountValues> = {
  actionForm: ActionForm<V>;
  choices: AccountChoices;
  submitLabel: string;
  cancelHref: Route;
  hasPassword: boolean;
};

export function EmailAccountForm<V extends AccountValues>(props: EmailAccountFormProps<V>) {
  const { choices, hasPassword, ...page } = props;
  return (
    <FormPage {...page}>
      <GeneralFields choices={choices} />
      <SignInFields choices={choices} hasPassword={hasPassword} />
      <OtherFields />
    </FormPage>
  );
}

function GeneralFields({ choices }: { choices: AccountChoices }) {
  const { register, watch, formState, ...form } = useFormContext<AccountValues>();
  const { errors } = formState;
  // Most mailboxes sign in under their own address: followed until the user name is typed itself.
  const suggestUsername = () => {
    if (!form.getFieldState("username").isDirty)
      form.setValue("username", form.getValues("emailAddress").trim());
  };
  return (
    <>
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput
          label="Name"
          autoComplete="off"
          autoFocus
          withAsterisk
          miw={200}
          error={errors.name?.message}
          {...register("name")}
        />
        <TextInput
          label="Key"
          description={`Up to ${KEY_MAX} characters, shown on agents' tabs.`}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          withAsterisk
          miw={140}
          error={errors.key?.message}
          {...register("key")}
        />
      </Group>
      <TextInput
        label="Email Address"
        description="Messages are sent from this address."
        type="email"
        autoComplete="off"
        withAsterisk
        error={errors.emailAddress?.message}
        {...register("emailAddress", { onChange: suggestUsername })}
      />
      <ContactListField lists={choices.lists} chosen={choices.list} />
      {watch("contactListId") && <CaptureSwitches />}
      <SwitchField<AccountValues>
        name="active"
        label="Active"
        description="Postkey keeps inactive accounts but doesn't use them."
      />
    </>
  );
}

function OtherFields() {
  const { register, formState } = useFormContext<AccountValues>();
  return (
    <>
      <NativeSelect
        label="Connection test"
        description="How often Postkey tests automatically. Failures raise an alert."
        data={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
        error={formState.errors.testSchedule?.message}
        {...register("testSchedule")}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
        error={formState.errors.description?.message}
        {...register("description")}
      />
    </>
  );
}
