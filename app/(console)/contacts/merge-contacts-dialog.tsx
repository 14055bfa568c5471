"use client";

import { List, Text } from "@mantine/core";
import { useWatch } from "react-hook-form";
import type { z } from "zod";
import { SelectField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
import { type ContactRow, mergeContactsSchema } from "@/lib/contacts/schema";
import { mergeContactsAction } from "./actions";
import { inWords, versionsOf } from "./selected";

type Values = z.input<typeof mergeContactsSchema>;

type MergeContactsDialogProps = {
  contacts: ContactRow[];
  onDone?: () => void;
  onClose: () => void;
};

export function MergeContactsDialog({ contacts, onDone, onClose }: MergeContactsDialogProps) {
  const names = [...new Set(contacts.map(({ name }) => name).filter(Boolean))];
  return (
    <FormDialog
      title={`Merge ${inWords(contacts)}`}
      submitLabel={`Merge and delete ${contacts.length - 1}`}
      isDangerous
      schema={mergeContactsSchema}
      defaultValues={{
        contacts: versionsOf(contacts),
        keepId: contacts[0]?.id ?? "",
        name: names[0] ?? "",
      }}
      action={mergeContactsAction}
      done={() => {
        notifySuccess(`Merged ${inWords(contacts)} into one.`);
        onDone?.();
      }}
      onClose={onClose}
    >
      <SelectField<Values>
        name="keepId"
        label="Address to keep"
        description="Keeps its list, with the earliest first-seen and latest last-seen dates."
        data-autofocus
        data={contacts.map(({ id, email, listName }) => ({
          value: id,
          label: `${email} (${listName})`,
        }))}
      />
      <TextField<Values>
        name="name"
        label="Name"
        description={names.length > 1 ? `Names found: ${names.join(", ")}.` : undefined}
      />
      <Deleted among={contacts} />
    </FormDialog>
  );
}

function Deleted({ among }: { among: ContactRow[] }) {
  const keepId = useWatch<Values, "keepId">({ name: "keepId" });
  const contacts = among.filter(({ id }) => id !== keepId);
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
