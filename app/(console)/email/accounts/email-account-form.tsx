"use client";

import {
  Button,
  Group,
  NativeSelect,
  Paper,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { Route } from "next";
import { Controller } from "react-hook-form";
import { FormProblem } from "@/components/form-problem";
import { LinkButton } from "@/components/links";
import type { ContactListChoice } from "@/lib/contacts/lists/schema";
import { TEST_SCHEDULE_LABELS, TEST_SCHEDULES } from "@/lib/email-accounts/schema";
import type { ActionError } from "@/lib/http/schema";
import { KEY_MAX } from "@/lib/kernel/fields/schema";
import type { AccountForm, ProviderOption } from "./account-values";
import { CaptureSwitches } from "./capture-switches";
import { ContactListField } from "./contact-list-field";
import { SignInFields } from "./sign-in-fields";

type EmailAccountFormProps = {
  actionForm: {
    form: AccountForm;
    submit: (event: React.FormEvent) => void;
    problem: ActionError | null;
    isSaving: boolean;
  };
  providers: ProviderOption[];
  lists: ContactListChoice[];
  submitLabel: string;
  cancelHref: Route;
  hasPassword: boolean;
};

export function EmailAccountForm(props: EmailAccountFormProps) {
  const { actionForm, providers, lists, submitLabel, cancelHref, hasPassword } = props;
  const { form, submit, problem, isSaving } = actionForm;
  return (
    <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormProblem problem={problem} />
          <GeneralFields form={form} lists={lists} />
          <SignInFields form={form} providers={providers} hasPassword={hasPassword} />
          <NativeSelect
            label="Connection test"
            description="How often Postkey tests automatically. Failures raise an alert."
            data={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
            error={form.formState.errors.testSchedule?.message}
            {...form.register("testSchedule")}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            maxRows={8}
            error={form.formState.errors.description?.message}
            {...form.register("description")}
          />
          <Group justify="flex-end" mt="xs">
            <LinkButton variant="default" href={cancelHref}>
              Cancel
            </LinkButton>
            <Button type="submit" loading={isSaving}>
              {submitLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function GeneralFields({ form, lists }: { form: AccountForm; lists: ContactListChoice[] }) {
  const { errors } = form.formState;
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
          {...form.register("name")}
        />
        <TextInput
          label="Key"
          description={`Up to ${KEY_MAX} characters, shown on agents' tabs.`}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          withAsterisk
          miw={140}
          error={errors.key?.message}
          {...form.register("key")}
        />
      </Group>
      <TextInput
        label="Email Address"
        description="Messages are sent from this address."
        type="email"
        autoComplete="off"
        withAsterisk
        error={errors.emailAddress?.message}
        {...form.register("emailAddress", { onChange: () => suggestUsername(form) })}
      />
      <ContactListField form={form} lists={lists} />
      {form.watch("contactListId") && <CaptureSwitches form={form} />}
      <Controller
        control={form.control}
        name="active"
        render={({ field: { value, onChange, ...field } }) => (
          <Switch
            label="Active"
            description="Postkey keeps inactive accounts but doesn't use them."
            checked={value}
            onChange={(event) => onChange(event.currentTarget.checked)}
            {...field}
          />
        )}
      />
    </>
  );
}

/** Most mailboxes sign in under their own address: followed until the user name is typed itself. */
function suggestUsername(form: AccountForm): void {
  if (!form.getFieldState("username").isDirty)
    form.setValue("username", form.getValues("emailAddress").trim());
}
