"use client";

import { IconKey, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { act, editing } from "@/components/acts";
import { routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import { showOnce } from "@/components/shown-once";
import { pauseDeviceAction, revokeDeviceAction, rotateDeviceAction } from "./actions";

const PasswordDialog = dynamic(() =>
  import("./password-dialog").then((module) => module.PasswordDialog),
);

type DeviceMenuProps = { id: string; name: string; isPaused: boolean };

export function DeviceMenu({ id, name, isPaused }: DeviceMenuProps) {
  return (
    <RowMenu
      label={`Actions for ${name}`}
      needs="devices:write"
      items={[
        editing(routes.editDevice(id)),
        {
          label: "New password",
          icon: IconKey,
          confirm: {
            title: `New password for ${name}?`,
            label: "Create password",
            text: "The current password stops working, and open connections of the device are closed. The new one begins with the same six characters, which name the device and are no secret.",
          },
          run: act(
            () => rotateDeviceAction({ id }),
            ({ password }) => showOnce(<PasswordDialog name={name} password={password} />),
          ),
        },
        {
          label: isPaused ? "Resume" : "Pause",
          icon: isPaused ? IconPlayerPlay : IconPlayerPause,
          run: act(
            () => pauseDeviceAction({ id, paused: !isPaused }),
            `${name} was ${isPaused ? "resumed" : "paused"}.`,
          ),
        },
        {
          label: "Revoke",
          icon: IconTrash,
          isDangerous: true,
          confirm: {
            title: `Revoke ${name}?`,
            text: "The device can no longer sign in, and its open connections are closed. You can't undo this.",
          },
          run: act(() => revokeDeviceAction({ id }), `${name} was revoked.`),
        },
      ]}
    />
  );
}
