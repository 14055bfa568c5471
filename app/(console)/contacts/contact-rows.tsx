"use client";

import { Button } from "@mantine/core";
import {
  IconArrowRight,
  IconArrowsJoin,
  IconEdit,
  IconTrash,
  IconUserShield,
} from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { AddButton } from "@/components/acts";
import { CloseDialog } from "@/components/close-dialog";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import { RowSelection, type Selected } from "@/components/row-selection";
import { SelectCell } from "@/components/select-cell";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import type { ContactRow } from "@/lib/contacts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { useContactLists } from "./contact-lists";

const ContactDialog = dynamic(() => import("./contacts-dialogs").then((m) => m.ContactDialog));

/** Made in the browser: server-rendered, each row would be sent twice. */
export function ContactRows({ rows, showsList }: { rows: ContactRow[]; showsList: boolean }) {
  return rows.map((row) => (
    <tr key={row.id}>
      <td className={classes.wide}>
        <SelectCell box={{ name: SELECTED, value: row.id, label: row.email }}>
          {row.email}
        </SelectCell>
      </td>
      <td data-label="Name">{row.name || <span className={classes.dimmed}>–</span>}</td>
      {showsList && (
        <td data-label="List">
          <RowLink href={routes.contactList(row.contactListId)}>{row.listName}</RowLink>
        </td>
      )}
      <td data-label="Source">
        {row.emailAccountId && row.accountName ? (
          <RowLink href={routes.emailAccount(row.emailAccountId)}>{row.accountName}</RowLink>
        ) : (
          <span className={classes.dimmed}>{row.firstSeenAt ? "Deleted account" : "Entered"}</span>
        )}
      </td>
      <td data-label="First seen" className={classes.fit}>
        <RelativeTime at={row.firstSeenAt ?? row.createdAt} />
      </td>
      <td data-label="Last seen" className={classes.fit}>
        {row.lastSeenAt ? (
          <RelativeTime at={row.lastSeenAt} />
        ) : (
          <span className={classes.dimmed}>Never</span>
        )}
      </td>
      <td className={classes.menu}>
        <ContactMenu contact={row} />
      </td>
    </tr>
  ));
}

function ContactMenu({ contact }: { contact: ContactRow }) {
  const hasOtherList = useContactLists().found.length > 1;
  return (
    <RowMenu
      label={`Actions for ${contact.email}`}
      needs="contacts:write"
      items={[
        {
          label: "Edit",
          icon: IconEdit,
          dialog: (
            <ContactDialog
              list={{ id: contact.contactListId, name: contact.listName }}
              contact={contact}
            />
          ),
        },
        hasOtherList && {
          label: "Move",
          icon: IconArrowRight,
          dialog: <MoveContactsDialog contacts={[contact]} />,
        },
        { label: "Personal data", icon: IconUserShield, href: routes.personalData(contact.id) },
        {
          label: "Delete",
          icon: IconTrash,
          isDangerous: true,
          dialog: <DeleteContactsDialog contacts={[contact]} />,
        },
      ]}
    />
  );
}

export function NewContactButton({ list }: { list: Choice }) {
  return <AddButton label="New contact" dialog={<ContactDialog list={list} />} />;
}

export const SELECTED = "contactId";

const load = () => import("./contacts-dialogs");
export const MoveContactsDialog = dynamic(() =>
  load().then((dialogs) => dialogs.MoveContactsDialog),
);
export const DeleteContactsDialog = dynamic(() =>
  load().then((dialogs) => dialogs.DeleteContactsDialog),
);
const MergeContactsDialog = dynamic(() => load().then((dialogs) => dialogs.MergeContactsDialog));

const BUTTONS = [
  { label: "Move", Icon: IconArrowRight, Dialog: MoveContactsDialog, least: 1 },
  { label: "Merge", Icon: IconArrowsJoin, Dialog: MergeContactsDialog, least: 2 },
  { label: "Delete", Icon: IconTrash, Dialog: DeleteContactsDialog, least: 1 },
];

type Open = {
  Dialog: (typeof BUTTONS)[number]["Dialog"];
  contacts: ContactRow[];
  untick: () => void;
};

type ContactSelectionProps = {
  rows: ContactRow[];
  hasOtherList: boolean;
  files: ReactNode;
  children: ReactNode;
};

export function ContactSelection({ rows, hasOtherList, files, children }: ContactSelectionProps) {
  const [open, setOpen] = useState<Open>();
  const toolbar = ({ count, values, keep }: Selected) => {
    const start = (Dialog: Open["Dialog"]) => {
      const ids = new Set(values());
      const contacts = rows.filter(({ id }) => ids.has(id));
      setOpen({ Dialog, contacts, untick: () => keep([]) });
    };
    return (
      <>
        {BUTTONS.filter(({ label }) => label !== "Move" || hasOtherList).map((button) => (
          <Button
            key={button.label}
            size="compact-sm"
            variant="default"
            disabled={count < button.least}
            leftSection={<button.Icon size={16} />}
            onClick={() => start(button.Dialog)}
          >
            {button.label}
            {count >= button.least && ` (${count})`}
          </Button>
        ))}
        {files}
      </>
    );
  };
  return (
    <>
      <RowSelection name={SELECTED} toolbar={toolbar}>
        {children}
      </RowSelection>
      <CloseDialog value={() => setOpen(undefined)}>
        {open && <open.Dialog contacts={open.contacts} onDone={open.untick} />}
      </CloseDialog>
    </>
  );
}
