"use client";

import { IconArrowRight, IconEdit, IconTrash, IconUserShield } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import type { ContactRow } from "@/lib/contacts/schema";
import { useContactLists } from "./contact-lists";

const ContactDialog = dynamic(() =>
  import("./contact-dialog").then((module) => module.ContactDialog),
);
const MoveContactsDialog = dynamic(() =>
  import("./move-contacts-dialog").then((module) => module.MoveContactsDialog),
);
const DeleteContactsDialog = dynamic(() =>
  import("./delete-contacts-dialog").then((module) => module.DeleteContactsDialog),
);

export function ContactMenu({ contact }: { contact: ContactRow }) {
  const hasOtherList = useContactLists().found.length > 1;
  return (
    <RowMenu
      label={`Actions for ${contact.email}`}
      needs="contacts:write"
      items={[
        {
          label: "Edit",
          icon: IconEdit,
          dialog: (close) => (
            <ContactDialog
              list={{ id: contact.contactListId, name: contact.listName }}
              contact={contact}
              onClose={close}
            />
          ),
        },
        hasOtherList && {
          label: "Move",
          icon: IconArrowRight,
          dialog: (close) => <MoveContactsDialog contacts={[contact]} onClose={close} />,
        },
        { label: "Personal data", icon: IconUserShield, href: routes.personalData(contact.id) },
        {
          label: "Delete",
          icon: IconTrash,
          isDangerous: true,
          dialog: (close) => <DeleteContactsDialog contacts={[contact]} onClose={close} />,
        },
      ]}
    />
  );
}
