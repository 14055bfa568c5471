"use client";

import { Menu } from "@mantine/core";
import {
  IconEdit,
  IconLogin2,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconTrash,
} from "@tabler/icons-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState, useTransition } from "react";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { OpenMenu } from "@/components/open-menu";
import { routes } from "@/components/routes";
import { beginAuthorizationAction } from "../../settings/cloud-providers/actions";
import { setEmailAccountActiveAction } from "./actions";

const ConnectionTestDialog = dynamic(() =>
  import("./connection-test-dialog").then((module) => module.ConnectionTestDialog),
);
const DeleteEmailAccountDialog = dynamic(() =>
  import("./delete-email-account-dialog").then((module) => module.DeleteEmailAccountDialog),
);

type EmailAccountMenuItemsProps = {
  id: string;
  name: string;
  emailAddress: string;
  isActive: boolean;
  canAuthenticate: boolean;
};

export function EmailAccountMenuItems(props: EmailAccountMenuItemsProps) {
  const { id, name, emailAddress, isActive, canAuthenticate } = props;
  const [dialog, setDialog] = useState<"test" | "delete" | null>(null);
  const [isBusy, start] = useTransition();
  const close = () => setDialog(null);

  const authenticate = () =>
    start(async () => {
      const result = await beginAuthorizationAction({
        subject: "email_account",
        emailAccountId: id,
      });
      if (result.ok) window.location.assign(result.data);
      else notifyProblem(result.error);
    });

  const toggleActive = () =>
    start(async () => {
      const result = await setEmailAccountActiveAction({ id, active: !isActive });
      if (result.ok) notifySuccess(`${name} is now ${isActive ? "inactive" : "active"}.`);
      else notifyProblem(result.error);
    });

  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={200} isBusy={isBusy}>
        <Menu.Item leftSection={<IconPlugConnected size={16} />} onClick={() => setDialog("test")}>
          Test connection
        </Menu.Item>
        {canAuthenticate && (
          <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={authenticate}>
            Authenticate
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconEdit size={16} />}
          component={Link}
          href={routes.editEmailAccount(id)}
        >
          Edit
        </Menu.Item>
        <Menu.Item
          leftSection={isActive ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={toggleActive}
        >
          {isActive ? "Deactivate" : "Activate"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} />}
          onClick={() => setDialog("delete")}
        >
          Delete
        </Menu.Item>
      </OpenMenu>
      {dialog === "test" && (
        <ConnectionTestDialog id={id} name={name} emailAddress={emailAddress} onClose={close} />
      )}
      {dialog === "delete" && <DeleteEmailAccountDialog id={id} name={name} onClose={close} />}
    </>
  );
}
