"use client";

import { Fieldset, Group, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useFormContext } from "react-hook-form";
import { EndpointFields } from "@/components/endpoint-fields";
import {
  AdvancedFields,
  SelectField,
  SwitchField,
  TextareaField,
  TextField,
} from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { editing, useActionForm } from "@/components/use-action-form";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import {
  ACCOUNT_DEFAULTS,
  ACCOUNT_FIELDS,
  createEmailAccountSchema,
  FAILED_TESTS_REPEAT,
  MODERN_SERVICES,
  SERVICE_LABELS,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
  updateEmailAccountSchema,
} from "@/lib/email-accounts/schema";
import { KEY_MAX } from "@/lib/kernel/fields/schema";
import { pick } from "@/lib/kernel/pick";
import { capital } from "@/lib/kernel/text/schema";
import { hasOwnHosts, SERVICES } from "@/lib/mail/services/schema";
import type { AccountChoices, AccountValues } from "./account-values";
import { createEmailAccountAction, proposeKeyAction, updateEmailAccountAction } from "./actions";
import { CaptureSwitches, ContactListField } from "./contact-list-field";
import { SignInFields } from "./mailbox-fields";
import { WayFields } from "./way-fields";

type EmailAccountFormProps = {
  choices: AccountChoices;
  /** Left out for a new one. */
  account?: EmailAccountDetail;
  emailAddress?: string | undefined;
};

export function EmailAccountForm({ choices, account, emailAddress }: EmailAccountFormProps) {
  const router = useRouter();
  // With the version that the form began with: what others change meanwhile must not be overwritten.
  const [edited] = useState(account);
  const actionForm = useActionForm<AccountValues, { id: string }>({
    schema: edited ? updateEmailAccountSchema : createEmailAccountSchema,
    defaultValues: edited ? valuesOf(edited) : emptyValues(choices, emailAddress),
    action: ({ key = "", ...values }) =>
      edited
        ? editing(edited, updateEmailAccountAction({ ...values, key, ...keyOf(edited) }))
        : createEmailAccountAction({ ...values, key }),
    onSuccess: ({ id }) => {
      notifySuccess(edited ? "Saved." : "The email account was added.");
      router.push(edited ? routes.emailAccount(id) : routes.addedEmailAccount(id));
    },
  });
  return (
    <FormPage
      actionForm={actionForm}
      submitLabel={edited ? "Save" : "Add Email Account"}
      cancelHref={edited ? routes.emailAccount(edited.id) : routes.emailAccounts}
    >
      <ServiceFields />
      <SignInFields choices={choices} hasPassword={edited?.hasPassword ?? false} />
      <NameFields proposesKey={!edited} />
      <ContactListField lists={choices.lists} chosen={choices.list} />
      <OtherFields />
    </FormPage>
  );
}

function emptyValues({ provider }: AccountChoices, emailAddress = ""): AccountValues {
  const [name = ""] = emailAddress.split("@");
  const named = { name: capital(name), key: "", emailAddress, username: emailAddress };
  return { ...ACCOUNT_DEFAULTS, ...named, cloudProviderId: provider?.id ?? null };
}

const keyOf = ({ id, version }: EmailAccountDetail) => ({ id, version });

function valuesOf(account: EmailAccountDetail): AccountValues {
  const { mailbox, hosts } = account;
  return {
    ...pick(account, ACCOUNT_FIELDS),
    ...keyOf(account),
    password: "",
    mailbox: mailbox ?? "",
    hosts: hosts && {
      imap: hosts.imap ?? EMPTY_HOSTS.imap,
      smtp: hosts.smtp ?? EMPTY_HOSTS.smtp,
      pop3: hosts.pop3 ?? EMPTY_HOSTS.pop3,
    },
  };
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
        description={`Up to ${KEY_MAX} characters, shown on agents' tabs in your mail software.${proposesKey ? " Left empty, Postkey picks one." : ""}`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        withAsterisk={!proposesKey}
        miw={140}
      />
    </Group>
  );
}

/** @returns to be called when the name changes or the key loses focus */
function useProposedKey(): () => void {
  const form = useFormContext<AccountValues>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const propose = async () => {
    const name = form.getValues("name");
    const result = await proposeKeyAction({ name }).catch(() => null);
    const isWanted = result?.ok && form.getValues("name") === name && !isTyped();
    if (isWanted) form.setValue("key", result.data, { shouldValidate: form.formState.isSubmitted });
  };
  // Nothing appears under the fingers of someone about to type.
  const isTyped = () =>
    form.getFieldState("key").isDirty ||
    document.activeElement?.getAttribute("name") === ("key" satisfies keyof AccountValues);

  return () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void propose(), 300);
  };
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
        hint={isModern ? "Mailbox, sending, reading, connection test" : "Connection test"}
        isOpen={hasMailbox}
      >
        {isModern && (
          <TextField<AccountValues>
            name="mailbox"
            label="Mailbox"
            description="The mailbox to open. Leave empty if it is the email address."
          />
        )}
        <WayFields />
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

const EMPTY_HOSTS = {
  imap: { host: "", port: 993, tls: "implicit" },
  smtp: { host: "", port: 587, tls: "starttls" },
  pop3: { host: "", port: 995, tls: "implicit" },
} as const;

function ServiceFields() {
  const { watch, setValue, getValues } = useFormContext<AccountValues>();
  const service = watch("service");
  // Before the host fields appear, which read the current values.
  const changeService = () => {
    const chosen = getValues("service");
    setValue("modernAuthentication", MODERN_SERVICES.includes(chosen));
    setValue("hosts", hasOwnHosts(chosen) ? EMPTY_HOSTS : null);
  };
  return (
    <>
      <SelectField<AccountValues>
        name="service"
        onChange={changeService}
        label="Service"
        autoFocus
        data={SERVICES.map((value) => ({ value, label: SERVICE_LABELS[value] }))}
      />
      {hasOwnHosts(service) && (
        <Fieldset legend="Mail servers">
          <Stack gap="sm">
            <Text c="dimmed">
              Leave a host empty if there is no such server. Postkey then doesn't test the protocol,
              devices can't use it, and without IMAP no new senders are saved.
            </Text>
            <EndpointFields name="hosts.imap" protocol="IMAP" />
            <EndpointFields name="hosts.smtp" protocol="SMTP" />
            <EndpointFields name="hosts.pop3" protocol="POP3" />
          </Stack>
        </Fieldset>
      )}
      {MODERN_SERVICES.includes(service) && (
        <SwitchField<AccountValues>
          name="modernAuthentication"
          label="Modern Authentication"
          description="Signs in through a cloud provider (OAuth 2.0); no password is stored."
        />
      )}
    </>
  );
}
