"use client";

import type { z } from "zod";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { type ContactRow, moveContactsSchema } from "@/lib/contacts/schema";
import { moveContactsAction } from "./actions";
import { useContactLists } from "./contact-lists";
import { ListField } from "./list-field";
import { inWords, versionsOf } from "./selected";

type MoveContactsDialogProps = { contacts: ContactRow[]; onDone?: () => void; onClose: () => void };

export function MoveContactsDialog({ contacts, onDone, onClose }: MoveContactsDialogProps) {
  const from = contacts[0]?.contactListId;
  const to = useContactLists().found.find(({ id }) => id !== from);
  return (
    <FormDialog
      title={`Move ${inWords(contacts)}`}
      submitLabel="Move"
      schema={moveContactsSchema}
      defaultValues={{ contacts: versionsOf(contacts), contactListId: to?.id ?? from ?? "" }}
      action={moveContactsAction}
      done={() => {
        notifySuccess(`${inWords(contacts)} moved.`);
        onDone?.();
      }}
      onClose={onClose}
    >
      <ListField<z.input<typeof moveContactsSchema>>
        name="contactListId"
        label="To the list"
        autoFocus
        chosen={to ?? null}
      />
    </FormDialog>
  );
}
