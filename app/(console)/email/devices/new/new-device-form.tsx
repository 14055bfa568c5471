"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { knownChoice } from "@/components/known-choices";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import {
  createDeviceSchema,
  type GatewayDescription,
  type NewPassword,
} from "@/lib/access/devices/schema";
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
  const [made, setMade] = useState<NewPassword | null>(null);
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
    action: createDeviceAction,
    onSuccess: setMade,
  });
  const { emailAccountId, protocols } = actionForm.form.getValues();
  const known = [chosen, ...accounts.found, knownChoice(emailAccountId)];
  const userName = known.find((choice) => choice?.id === emailAccountId)?.detail;
  return (
    <>
      <DeviceForm
        actionForm={actionForm}
        accounts={accounts}
        chosen={chosen}
        submitLabel="Create Device"
        cancelHref={routes.devices}
      />
      {made && (
        <PasswordDialog
          name={actionForm.form.getValues("name")}
          password={made.password}
          onClose={() => router.push(routes.device(made.id))}
        >
          {userName !== undefined && <ServerFields gateway={gateway} userName={userName} />}
          <PortFields gateway={gateway} protocols={protocols ?? []} />
        </PasswordDialog>
      )}
    </>
  );
}
