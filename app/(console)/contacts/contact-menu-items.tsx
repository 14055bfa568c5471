"use client";

import { Menu } from "@mantine/core";
import { IconArrowRight, IconEdit, IconUserShield } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { DeleteItem } from "@/components/menu-items";
import { OpenMenu } from "@/components/open-menu";
import { routes } from "@/components/routes";
import type { ContactRow } from "@/lib/contacts/schema";
import { useContactLists } from "./contact-lists";

const EditContactDialog = dynamic(() =>
  import("./edit-contact-dialog").then((module) => module.EditContactDialog),
);
const MoveContactsDialog = dynamic(() =>
  import("./move-contacts-dialog").then((module) => module.MoveContactsDialog),
);
const DeleteContactsDialog = dynamic(() =>
  import("./delete-contacts-dialog").then((module) => module.DeleteContactsDialog),
);

export function ContactMenuItems({ contact }: { contact: ContactRow }) {
  const [dialog, setDialog] = useState<"edit" | "move" | "delete" | null>(null);
  const hasOtherList = useContactLists().found.length > 1;
  const close = () => setDialog(null);
  return (
    <>
      <OpenMenu label={`Actions for ${contact.email}`} width={180} isBusy={false}>
        <Menu.Item leftSection={<IconEdit size={16} />} onClick={() => setDialog("edit")}>
          Edit
        </Menu.Item>
        {hasOtherList && (
          <Menu.Item leftSection={<IconArrowRight size={16} />} onClick={() => setDialog("move")}>
            Move
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconUserShield size={16} />}
          component={Link}
          href={routes.personalData(contact.id)}
        >
          Personal data
        </Menu.Item>
        <DeleteItem onClick={() => setDialog("delete")} />
      </OpenMenu>
      {dialog === "edit" && <EditContactDialog contact={contact} onClose={close} />}
      {dialog === "move" && <MoveContactsDialog contacts={[contact]} onClose={close} />}
      {dialog === "delete" && <DeleteContactsDialog contacts={[contact]} onClose={close} />}
    </>
  );
}
