"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import { updateEmailAccountSchema } from "@/lib/email-accounts/schema";
import type { AccountChoices } from "../../account-values";
import { updateEmailAccountAction } from "../../actions";
import { EmailAccountForm } from "../../email-account-form";

type EditEmailAccountFormProps = { account: EmailAccountDetail; choices: AccountChoices };

export function EditEmailAccountForm({ account, choices }: EditEmailAccountFormProps) {
  const router = useRouter();
  const { id, version, name, key, emailAddress, contactListId, active, service } = account;
  const { modernAuthentication, username, cloudProviderId, hosts, description } = account;
  const { testSchedule, captureReplyTo, captureAutomatic } = account;
  const actionForm = useActionForm({
    schema: updateEmailAccountSchema,
    defaultValues: {
      id,
      version,
      name,
      key,
      emailAddress,
      contactListId,
      active,
      service,
      modernAuthentication,
      username,
      cloudProviderId,
      hosts,
      description,
      password: "",
      testSchedule,
      captureReplyTo,
      captureAutomatic,
      mailbox: account.mailbox ?? "",
    },
    action: updateEmailAccountAction,
    onSuccess: () => {
      notifySuccess("Saved.");
      router.push(routes.emailAccount(id));
    },
  });
  return (
    <EmailAccountForm
      actionForm={actionForm}
      choices={choices}
      submitLabel="Save"
      cancelHref={routes.emailAccount(id)}
      hasPassword={account.hasPassword}
    />
  );
}
