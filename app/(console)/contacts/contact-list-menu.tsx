"use client";

import { IconEdit, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { RowMenu } from "@/components/row-menu";

const ListDialog = dynamic(() => import("./list-dialog").then((module) => module.ListDialog));
const DeleteListDialog = dynamic(() =>
  import("./delete-list-dialog").then((module) => module.DeleteListDialog),
);

type ContactListMenuProps = { id: string; name: string; version: number };

export function ContactListMenu(list: ContactListMenuProps) {
  return (
    <RowMenu
      label={`Actions for ${list.name}`}
      needs="contacts:write"
      items={[
        {
          label: "Rename",
          icon: IconEdit,
          dialog: (close) => <ListDialog list={list} onClose={close} />,
        },
        {
          label: "Delete",
          icon: IconTrash,
          isDangerous: true,
          dialog: (close) => <DeleteListDialog id={list.id} name={list.name} onClose={close} />,
        },
      ]}
    />
  );
}
