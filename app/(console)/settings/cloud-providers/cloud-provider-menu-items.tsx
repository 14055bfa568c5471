"use client";

import { Menu } from "@mantine/core";
import { IconEdit, IconKey, IconLogin2, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState, useTransition } from "react";
import { notifyProblem } from "@/components/notify";
import { OpenMenu } from "@/components/open-menu";
import { routes } from "@/components/routes";
import { beginAuthorizationAction } from "./actions";

const UpdateClientSecretDialog = dynamic(() =>
  import("./update-client-secret-dialog").then((module) => module.UpdateClientSecretDialog),
);
const DeleteCloudProviderDialog = dynamic(() =>
  import("./delete-cloud-provider-dialog").then((module) => module.DeleteCloudProviderDialog),
);

type CloudProviderMenuItemsProps = { id: string; name: string };

export function CloudProviderMenuItems({ id, name }: CloudProviderMenuItemsProps) {
  const [dialog, setDialog] = useState<"secret" | "delete" | null>(null);
  const [isLeaving, startLeaving] = useTransition();
  const close = () => setDialog(null);

  const authenticate = () =>
    startLeaving(async () => {
      const result = await beginAuthorizationAction({ subject: "provider", cloudProviderId: id });
      if (result.ok) window.location.assign(result.data);
      else notifyProblem(result.error.message);
    });

  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={220} isBusy={isLeaving}>
        <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={authenticate}>
          Authenticate
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setDialog("secret")}>
          Update Client Secret
        </Menu.Item>
        <Menu.Item
          leftSection={<IconEdit size={16} />}
          component={Link}
          href={routes.editCloudProvider(id)}
        >
          Edit
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
      {dialog === "secret" && <UpdateClientSecretDialog id={id} name={name} onClose={close} />}
      {dialog === "delete" && <DeleteCloudProviderDialog id={id} name={name} onClose={close} />}
    </>
  );
}
