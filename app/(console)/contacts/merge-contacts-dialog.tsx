"use client";

import { List, Text } from "@mantine/core";
import { SelectField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
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
  const keepId = form.watch("keepId");
  const deleted = contacts.filter(({ id }) => id !== keepId);
  return (
    <FormDialog
      title={`Merge ${inWords(contacts)}`}
      submitLabel={`Merge and delete ${deleted.length}`}
      isDangerous
      actionForm={actionForm}
      onClose={onClose}
    >
      <SelectField
        form={form}
        name="keepId"
        label="Address to keep"
        description="Keeps its list, with the earliest first-seen and latest last-seen dates."
        data-autofocus
        data={contacts.map(({ id, email, listName }) => ({
          value: id,
          label: `${email} (${listName})`,
        }))}
      />
      <TextField
        form={form}
        name="name"
        label="Name"
        description={names.length > 1 ? `Names found: ${names.join(", ")}.` : undefined}
      />
      <Deleted contacts={deleted} />
    </FormDialog>
  );
}

function Deleted({ contacts }: { contacts: ContactRow[] }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {contacts.length === 1 ? "This contact is deleted:" : "These contacts are deleted:"}
      </Text>
      <List size="sm" mah="12rem" my={4} style={{ overflowY: "auto" }}>
        {contacts.map(({ id, email, name, listName }) => (
          <List.Item key={id}>
            {name ? `${name}, ${email}` : email} ({listName})
          </List.Item>
        ))}
      </List>
      <Text size="sm">A new message from one of these addresses creates a new contact.</Text>
    </div>
  );
}
