"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import {
  type AlertChannelDetail,
  type Target,
  updateAlertChannelSchema,
} from "@/lib/watch/alerts/schema";
import { updateAlertChannelAction } from "../../actions";
import { AlertChannelForm } from "../../alert-channel-form";
import type { ChannelValues } from "../../channel-values";

type EditAlertChannelFormProps = {
  channel: AlertChannelDetail;
  accounts: Choices;
  account: Choice | null;
};

export function EditAlertChannelForm({ channel, accounts, account }: EditAlertChannelFormProps) {
  const router = useRouter();
  const { id, version, name, enabled, sendsLinks, kind, target } = channel;
  const actionForm = useActionForm({
    schema: updateAlertChannelSchema,
    defaultValues: { id, version, name, enabled, sendsLinks, kind, ...targetValues(target) },
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
      storedAddress={target.kind === "webhook" ? channel.targetText : ""}
    />
  );
}

const EMPTY = {
  recipients: "",
  emailAccountId: null,
  smtp: null,
  from: "",
  user: "",
  password: "",
  url: "",
};

function targetValues(
  target: Target,
): Omit<ChannelValues, "name" | "enabled" | "sendsLinks" | "kind"> {
  switch (target.kind) {
    case "webhook":
      return EMPTY;
    case "email_account":
      return {
        ...EMPTY,
        recipients: target.recipients.join(", "),
        emailAccountId: target.emailAccountId,
      };
    case "smtp": {
      const { recipients, smtp, from, user } = target;
      return { ...EMPTY, recipients: recipients.join(", "), smtp, from, user };
    }
    default:
      throw new Error(`Unhandled target ${target satisfies never}`);
  }
}
