"use client";

import { IconEdit, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { RowMenu } from "@/components/row-menu";

const RenameListDialog = dynamic(() =>
  import("./list-dialogs").then((module) => module.RenameListDialog),
);
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
          dialog: (close) => <RenameListDialog {...list} onClose={close} />,
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
