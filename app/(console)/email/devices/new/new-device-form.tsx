"use client";

import { useRouter } from "next/navigation";
import { knownChoice } from "@/components/known-choices";
import { routes } from "@/components/routes";
import { showOnce } from "@/components/shown-once-store";
import { useActionForm } from "@/components/use-action-form";
import { createDeviceSchema, type GatewayDescription } from "@/lib/access/devices/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { createDeviceAction } from "../actions";
import { PortFields, ServerFields } from "../connection-fields";
import { DeviceForm } from "../device-form";
import { PasswordDialog } from "../password-dialog";

type NewDeviceFormProps = {
  accounts: Choices;
  chosen: Choice | null;
  gateway: GatewayDescription;
};

export function NewDeviceForm({ accounts, chosen, gateway }: NewDeviceFormProps) {
  const router = useRouter();
  const actionForm = useActionForm({
    schema: createDeviceSchema,
    defaultValues: {
      name: "",
      emailAccountId: chosen?.id ?? "",
      protocols: ["smtp"],
      senders: [],
      rewriteFrom: false,
      networks: [],
      messagesPerMinute: null,
      expiresOn: null,
    },
    // The fields may have changed since.
    action: async (sent) => {
      const created = await createDeviceAction(sent);
      return created.ok ? { ok: true, data: { ...created.data, sent } } : created;
    },
    onSuccess: ({ id, password, sent: { name, emailAccountId, protocols } }): void => {
      const known = [chosen, ...accounts.found, knownChoice(emailAccountId)];
      const userName = known.find((choice) => choice?.id === emailAccountId)?.detail;
      showOnce(
        <PasswordDialog name={name} password={password}>
          {userName !== undefined && <ServerFields gateway={gateway} userName={userName} />}
          <PortFields gateway={gateway} protocols={protocols} />
        </PasswordDialog>,
      );
      router.push(routes.device(id));
    },
  });
  return (
    <DeviceForm
      actionForm={actionForm}
      accounts={accounts}
      chosen={chosen}
      submitLabel="Create Device"
      cancelHref={routes.devices}
    />
  );
}
