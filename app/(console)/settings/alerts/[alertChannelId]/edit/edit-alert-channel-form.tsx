"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import {
  type AlertChannelDetail,
  targetFields,
  updateAlertChannelSchema,
} from "@/lib/watch/alerts/schema";
import { updateAlertChannelAction } from "../../actions";
import { AlertChannelForm } from "../../alert-channel-form";

type EditAlertChannelFormProps = {
  channel: AlertChannelDetail;
  accounts: Choices;
  account: Choice | null;
};

export function EditAlertChannelForm({ channel, accounts, account }: EditAlertChannelFormProps) {
  const router = useRouter();
  const { id, version, name, enabled, sendsLinks, kind, target } = channel;
  const { origin, ...fields } = targetFields(target);
  const actionForm = useActionForm({
    schema: updateAlertChannelSchema,
    defaultValues: {
      id,
      version,
      name,
      enabled,
      sendsLinks,
      kind,
      ...fields,
      recipients: fields.recipients.join(", "),
      password: "",
      url: "",
    },
    action: updateAlertChannelAction,
    onSuccess: () => {
      notifySuccess("Saved. Next: Send a test.");
      router.push(routes.alertChannel(id));
    },
  });
  return (
    <AlertChannelForm
      actionForm={actionForm}
      accounts={accounts}
      account={account}
      submitLabel="Save"
      cancelHref={routes.alertChannel(id)}
      isNew={false}
      hasPassword={channel.hasSecret}
      storedAddress={origin && channel.targetText}
    />
  );
}
