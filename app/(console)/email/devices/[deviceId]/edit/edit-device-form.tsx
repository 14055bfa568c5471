"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import { type DeviceRow, updateDeviceSchema } from "@/lib/access/devices/schema";
import type { Choices } from "@/lib/kernel/choices/schema";
import { updateDeviceAction } from "../../actions";
import { DeviceForm } from "../../device-form";

type EditDeviceFormProps = { device: DeviceRow; accounts: Choices };

export function EditDeviceForm({ device, accounts }: EditDeviceFormProps) {
  const router = useRouter();
  const { id, version, name, emailAccountId, accountName, emailAddress, protocols } = device;
  const { senders, rewriteFrom, networks, messagesPerMinute, expiresOn } = device;
  const actionForm = useActionForm({
    schema: updateDeviceSchema,
    defaultValues: {
      id,
      version,
      name,
      emailAccountId,
      protocols,
      senders,
      rewriteFrom,
      networks,
      messagesPerMinute,
      expiresOn,
    },
    action: updateDeviceAction,
    onSuccess: () => {
      notifySuccess("Saved. The password stays the same.");
      router.push(routes.device(id));
    },
  });
  return (
    <DeviceForm
      actionForm={actionForm}
      accounts={accounts}
      chosen={{ id: emailAccountId, name: accountName, detail: emailAddress }}
      submitLabel="Save"
      cancelHref={routes.device(id)}
    />
  );
}
