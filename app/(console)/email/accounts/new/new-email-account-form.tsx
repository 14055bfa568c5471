"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import { ACCOUNT_DEFAULTS, createEmailAccountSchema } from "@/lib/email-accounts/schema";
import type { AccountChoices } from "../account-values";
import { createEmailAccountAction } from "../actions";
import { EmailAccountForm } from "../email-account-form";

export function NewEmailAccountForm({ choices }: { choices: AccountChoices }) {
  const router = useRouter();
  const defaultValues = {
    ...ACCOUNT_DEFAULTS,
    name: "",
    key: "",
    emailAddress: "",
    username: "",
    cloudProviderId: choices.provider?.id ?? null,
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
