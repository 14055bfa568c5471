"use client";

import { Menu, Text } from "@mantine/core";
import { IconKey, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { EditItem } from "@/components/menu-items";
import { notifySuccess } from "@/components/notify";
import { OpenMenu } from "@/components/open-menu";
import { routes } from "@/components/routes";
import { showOnce } from "@/components/shown-once-store";
import { useAction } from "@/components/use-action";
import { pauseDeviceAction, revokeDeviceAction, rotateDeviceAction } from "./actions";
import { PasswordDialog } from "./password-dialog";

type DeviceMenuItemsProps = { id: string; name: string; isPaused: boolean };
type Asked = "rotate" | "revoke" | null;

export function DeviceMenuItems({ id, name, isPaused }: DeviceMenuItemsProps) {
  const [asked, setAsked] = useState<Asked>(null);
  const { isBusy, run } = useAction();
  const close = () => setAsked(null);
  const toggle = () =>
    run(
      () => pauseDeviceAction({ id, paused: !isPaused }),
      () => notifySuccess(`${name} was ${isPaused ? "resumed" : "paused"}.`),
    );
  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={200} isBusy={isBusy}>
        <EditItem href={routes.editDevice(id)} />
        <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setAsked("rotate")}>
          New password
        </Menu.Item>
        <Menu.Item
          leftSection={isPaused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
          onClick={toggle}
        >
          {isPaused ? "Resume" : "Pause"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} />}
          onClick={() => setAsked("revoke")}
        >
          Revoke
        </Menu.Item>
      </OpenMenu>
      {asked === "rotate" && (
        <ConfirmDialog
          title={`New password for ${name}?`}
          confirmLabel="Create password"
          action={() => rotateDeviceAction({ id })}
          onSuccess={({ password }) => {
            close();
            showOnce(<PasswordDialog name={name} password={password} />);
          }}
          onClose={close}
        >
          <Text size="sm">
            The current password stops working, and open connections of the device are closed. The
            new one begins with the same six characters, which name the device and are no secret.
          </Text>
        </ConfirmDialog>
      )}
      {asked === "revoke" && <RevokeDialog id={id} name={name} onClose={close} />}
    </>
  );
}

type RevokeDialogProps = { id: string; name: string; onClose: () => void };

function RevokeDialog({ id, name, onClose }: RevokeDialogProps) {
  return (
    <ConfirmDialog
      title={`Revoke ${name}?`}
      confirmLabel="Revoke"
      isDangerous
      action={() => revokeDeviceAction({ id })}
      onSuccess={() => {
        notifySuccess(`${name} was revoked.`);
        onClose();
      }}
      onClose={onClose}
    >
      <Text size="sm">
        The device can no longer sign in, and its open connections are closed. You can't undo this.
      </Text>
    </ConfirmDialog>
  );
}
