"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { showOnce } from "@/components/shown-once-store";
import { useActionForm } from "@/components/use-action-form";
import type { Choices } from "@/lib/kernel/choices/schema";
import { createAlertChannelSchema } from "@/lib/watch/alerts/schema";
import { createAlertChannelAction } from "../actions";
import { AlertChannelForm } from "../alert-channel-form";
import type { ChannelValues } from "../channel-values";
import { SigningSecretDialog } from "../signing-secret-dialog";

export function NewAlertChannelForm({ accounts }: { accounts: Choices }) {
  const router = useRouter();
  const [onlyAccount = null] = accounts.found.length === 1 ? accounts.found : [];
  const defaultValues: ChannelValues = {
    name: "",
    enabled: true,
    sendsLinks: false,
    kind: "email_account",
    recipients: "",
    emailAccountId: onlyAccount?.id ?? null,
    smtp: null,
    from: "",
    user: "",
    password: "",
    url: "",
  };
  const actionForm = useActionForm({
    schema: createAlertChannelSchema,
    defaultValues,
    action: createAlertChannelAction,
    onSuccess: ({ id, secret }): void => {
      notifySuccess("The channel was added. Next: Send a test.");
      const { name } = actionForm.form.getValues();
      if (secret) showOnce(<SigningSecretDialog name={name} secret={secret} />);
      router.push(routes.alertChannel(id));
    },
  });
  return (
    <AlertChannelForm
      actionForm={actionForm}
      accounts={accounts}
      account={onlyAccount}
      submitLabel="Add channel"
      cancelHref="/settings/alerts"
      isNew
      hasPassword={false}
      storedAddress=""
    />
  );
}
