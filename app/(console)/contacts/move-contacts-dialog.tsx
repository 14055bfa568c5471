"use client";

import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { type ContactRow, moveContactsSchema } from "@/lib/contacts/schema";
import { moveContactsAction } from "./actions";
import { ListField, useContactLists } from "./contact-lists";
import { inWords, versionsOf } from "./selected";

type MoveContactsDialogProps = { contacts: ContactRow[]; onDone?: () => void; onClose: () => void };

export function MoveContactsDialog({ contacts, onDone, onClose }: MoveContactsDialogProps) {
  const from = contacts[0]?.contactListId;
  const [first] = useContactLists().filter(({ id }) => id !== from);
  const actionForm = useActionForm({
    schema: moveContactsSchema,
    defaultValues: { contacts: versionsOf(contacts), contactListId: first?.id ?? from ?? "" },
    action: moveContactsAction,
    onSuccess: () => {
      notifySuccess(`${inWords(contacts)} moved.`);
      onDone?.();
      onClose();
    },
  });
  const { form } = actionForm;
  return (
    <FormDialog
      title={`Move ${inWords(contacts)}`}
      submitLabel="Move"
      actionForm={actionForm}
      onClose={onClose}
    >
      <ListField
        label="To the list"
        data-autofocus
        error={form.formState.errors.contactListId?.message}
        {...form.register("contactListId")}
      />
    </FormDialog>
  );
}
