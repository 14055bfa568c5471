"use client";

import { NativeSelect, Text, TextInput } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { type ContactRow, mergeContactsSchema } from "@/lib/contacts/schema";
import { mergeContactsAction } from "./actions";
import { inWords, versionsOf } from "./selected";

type MergeContactsDialogProps = {
  contacts: ContactRow[];
  onDone?: () => void;
  onClose: () => void;
};

export function MergeContactsDialog({ contacts, onDone, onClose }: MergeContactsDialogProps) {
  const names = [...new Set(contacts.map(({ name }) => name).filter(Boolean))];
  const actionForm = useActionForm({
    schema: mergeContactsSchema,
    defaultValues: {
      contacts: versionsOf(contacts),
      keepId: contacts[0]?.id ?? "",
      name: names[0] ?? "",
    },
    action: mergeContactsAction,
    onSuccess: () => {
      notifySuccess(`Merged ${inWords(contacts)} into one.`);
      onDone?.();
      onClose();
    },
  });
  const { form } = actionForm;
  const { errors } = form.formState;
  return (
    <FormDialog
      title={`Merge ${inWords(contacts)}`}
      submitLabel="Merge"
      actionForm={actionForm}
      onClose={onClose}
    >
      <NativeSelect
        label="Address to keep"
        description="Keeps its list, with the earliest first-seen and latest last-seen dates."
        data-autofocus
        data={contacts.map(({ id, email, listName }) => ({
          value: id,
          label: `${email} (${listName})`,
        }))}
        error={errors.keepId?.message}
        {...form.register("keepId")}
      />
      <TextInput
        label="Name"
        description={names.length > 1 ? `Names found: ${names.join(", ")}.` : undefined}
        autoComplete="off"
        error={errors.name?.message}
        {...form.register("name")}
      />
      <Text size="sm">
        The other addresses are removed. A new message from one of them creates a new contact.
      </Text>
    </FormDialog>
  );
}
