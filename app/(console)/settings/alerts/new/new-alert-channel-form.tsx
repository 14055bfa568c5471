"use client";

import { Paper, Title } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import type { Choices } from "@/lib/kernel/choices/schema";
import { createAlertChannelSchema } from "@/lib/watch/alerts/schema";
import { createAlertChannelAction } from "../actions";
import { AlertChannelForm } from "../alert-channel-form";
import type { ChannelValues } from "../channel-values";
import { SigningSecret } from "../signing-secret";

export function NewAlertChannelForm({ accounts }: { accounts: Choices }) {
  const router = useRouter();
  const [created, setCreated] = useState<{ id: string; secret: string } | null>(null);
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
    onSuccess: ({ id, secret }) => {
      notifySuccess("The channel was added. Next: Send a test.");
      if (secret) setCreated({ id, secret });
      else router.push(routes.alertChannel(id));
    },
  });
  if (created)
    return (
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
        <Title order={2} size="h4" mb="md">
          One more thing for the receiver
        </Title>
        <SigningSecret
          secret={created.secret}
          onDone={() => router.push(routes.alertChannel(created.id))}
        />
      </Paper>
    );
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
