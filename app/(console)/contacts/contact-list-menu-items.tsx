"use client";

import { Menu } from "@mantine/core";
import { IconEdit } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { DeleteItem } from "@/components/menu-items";
import { OpenMenu } from "@/components/open-menu";

const RenameListDialog = dynamic(() =>
  import("./rename-list-dialog").then((module) => module.RenameListDialog),
);
const DeleteListDialog = dynamic(() =>
  import("./delete-list-dialog").then((module) => module.DeleteListDialog),
);

type ContactListMenuItemsProps = { id: string; name: string; version: number };

export function ContactListMenuItems({ id, name, version }: ContactListMenuItemsProps) {
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={180} isBusy={false}>
        <Menu.Item leftSection={<IconEdit size={16} />} onClick={() => setDialog("rename")}>
          Rename
        </Menu.Item>
        <DeleteItem onClick={() => setDialog("delete")} />
      </OpenMenu>
      {dialog === "rename" && (
        <RenameListDialog id={id} name={name} version={version} onClose={close} />
      )}
      {dialog === "delete" && <DeleteListDialog id={id} name={name} onClose={close} />}
    </>
  );
}
