"use client";

import { Button } from "@mantine/core";
import { IconArrowRight, IconArrowsJoin, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { RowSelection, type Selected } from "@/components/row-selection";
import type { ContactRow } from "@/lib/contacts/schema";

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
      {open && (
        <open.Dialog
          contacts={open.contacts}
          onDone={open.untick}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}
