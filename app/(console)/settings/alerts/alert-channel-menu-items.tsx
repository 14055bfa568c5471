"use client";

import { Menu } from "@mantine/core";
import { IconKey, IconSend } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { DeleteItem, EditItem } from "@/components/menu-items";
import { OpenMenu } from "@/components/open-menu";
import { routes } from "@/components/routes";
import type { ChannelKind } from "@/lib/watch/alerts/schema";
import { useSendTest } from "./use-send-test";

const DeleteAlertChannelDialog = dynamic(() =>
  import("./delete-alert-channel-dialog").then((module) => module.DeleteAlertChannelDialog),
);
const RenewSigningSecretDialog = dynamic(() =>
  import("./renew-signing-secret-dialog").then((module) => module.RenewSigningSecretDialog),
);

type AlertChannelMenuItemsProps = { id: string; name: string; kind: ChannelKind };

export function AlertChannelMenuItems({ id, name, kind }: AlertChannelMenuItemsProps) {
  const [dialog, setDialog] = useState<"secret" | "delete" | null>(null);
  const { isSending, sendTest } = useSendTest({ id, name });
  const close = () => setDialog(null);
  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={220} isBusy={isSending}>
        <Menu.Item leftSection={<IconSend size={16} />} onClick={sendTest}>
          Send a test
        </Menu.Item>
        <EditItem href={routes.editAlertChannel(id)} />
        {kind === "webhook" && (
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setDialog("secret")}>
            New signing secret
          </Menu.Item>
        )}
        <DeleteItem onClick={() => setDialog("delete")} />
      </OpenMenu>
      {dialog === "secret" && <RenewSigningSecretDialog id={id} name={name} onClose={close} />}
      {dialog === "delete" && <DeleteAlertChannelDialog id={id} name={name} onClose={close} />}
    </>
  );
}
