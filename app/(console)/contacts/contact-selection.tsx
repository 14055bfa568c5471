"use client";

import { Button } from "@mantine/core";
import { IconArrowRight, IconArrowsJoin, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { RowSelection, type Selected } from "@/components/row-selection";
import type { ContactRow } from "@/lib/contacts/schema";
import { SELECTED } from "./selected";

const MoveContactsDialog = dynamic(() =>
  import("./move-contacts-dialog").then((module) => module.MoveContactsDialog),
);
const MergeContactsDialog = dynamic(() =>
  import("./merge-contacts-dialog").then((module) => module.MergeContactsDialog),
);
const DeleteContactsDialog = dynamic(() =>
  import("./delete-contacts-dialog").then((module) => module.DeleteContactsDialog),
);

const DIALOGS = {
  move: MoveContactsDialog,
  merge: MergeContactsDialog,
  delete: DeleteContactsDialog,
} as const;

type Open = { dialog: keyof typeof DIALOGS; contacts: ContactRow[]; untick: () => void };

type ContactSelectionProps = {
  rows: ContactRow[];
  hasOtherList: boolean;
  files: ReactNode;
  children: ReactNode;
};

export function ContactSelection({ rows, hasOtherList, files, children }: ContactSelectionProps) {
  const [open, setOpen] = useState<Open>();
  const Dialog = open && DIALOGS[open.dialog];
  const toolbar = ({ count, values, keep }: Selected) => {
    const start = (dialog: keyof typeof DIALOGS) => {
      const ids = new Set(values());
      setOpen({ dialog, contacts: rows.filter(({ id }) => ids.has(id)), untick: () => keep([]) });
    };
    const look = { size: "compact-sm", variant: "default" } as const;
    return (
      <>
        {hasOtherList && (
          <Button
            {...look}
            disabled={count === 0}
            leftSection={<IconArrowRight size={16} />}
            onClick={() => start("move")}
          >
            Move{count > 0 && ` (${count})`}
          </Button>
        )}
        <Button
          {...look}
          disabled={count < 2}
          leftSection={<IconArrowsJoin size={16} />}
          onClick={() => start("merge")}
        >
          Merge{count > 1 && ` (${count})`}
        </Button>
        <Button
          {...look}
          disabled={count === 0}
          leftSection={<IconTrash size={16} />}
          onClick={() => start("delete")}
        >
          Delete{count > 0 && ` (${count})`}
        </Button>
        {files}
      </>
    );
  };
  return (
    <>
      <RowSelection name={SELECTED} toolbar={toolbar}>
        {children}
      </RowSelection>
      {open && Dialog && (
        <Dialog contacts={open.contacts} onDone={open.untick} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}
