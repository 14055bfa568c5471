"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import { createEmailAccountSchema } from "@/lib/email-accounts/schema";
import type { AccountChoices } from "../account-values";
import { createEmailAccountAction } from "../actions";
import { EmailAccountForm } from "../email-account-form";

export function NewEmailAccountForm({ choices }: { choices: AccountChoices }) {
  const router = useRouter();
  const defaultValues = {
    name: "",
    key: "",
    emailAddress: "",
    contactListId: null,
    active: true,
    service: "outlook365" as const,
    modernAuthentication: true,
    username: "",
    mailbox: "",
    cloudProviderId: choices.provider?.id ?? null,
    password: "",
    hosts: null,
    description: "",
    testSchedule: "daily" as const,
    captureReplyTo: false,
    captureAutomatic: false,
  };
  const actionForm = useActionForm({
    schema: createEmailAccountSchema,
    defaultValues,
    action: createEmailAccountAction,
    onSuccess: ({ id }) => {
      notifySuccess("The email account was added.");
      router.push(routes.addedEmailAccount(id));
    },
  });
  return (
    <EmailAccountForm
      actionForm={actionForm}
      choices={choices}
      submitLabel="Add Email Account"
      cancelHref="/email/accounts"
      hasPassword={false}
      proposesKey
    />
  );
}
