"use client";

import { ActionIcon, Button, Group, NativeSelect, TextInput, Tooltip } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState, useTransition } from "react";
import { useFormContext } from "react-hook-form";
import { createContactListAction } from "@/app/(console)/contacts/actions";
import type { ContactListChoice } from "@/lib/contacts/lists/schema";
import type { AccountValues } from "./account-values";

/** The list that new senders are saved to; one can be created in place. */
export function ContactListField({ lists }: { lists: ContactListChoice[] }) {
  const form = useFormContext<AccountValues>();
  const [choices, setChoices] = useState(lists);
  const [isAdding, setAdding] = useState(false);
  const add = (list: ContactListChoice) => {
    setChoices([...choices, list]);
    setAdding(false);
    // After the choice is there to be chosen.
    setTimeout(() => form.setValue("contactListId", list.id, { shouldDirty: true }));
  };
  return (
    <>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <NativeSelect
          label="List"
          description="New senders are saved here unless they are already in the Contacts Manager."
          flex={1}
          data={[
            { value: "", label: "None" },
            ...choices.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          error={form.formState.errors.contactListId?.message}
          {...form.register("contactListId", { setValueAs: (value) => value || null })}
        />
        <Tooltip label="New list">
          <ActionIcon
            variant="default"
            size={36}
            aria-label="New list"
            onClick={() => setAdding(true)}
          >
            <IconPlus size={18} />
          </ActionIcon>
        </Tooltip>
      </Group>
      {isAdding && <NewList onAdded={add} onCancel={() => setAdding(false)} />}
    </>
  );
}

type NewListProps = { onAdded: (list: ContactListChoice) => void; onCancel: () => void };

function NewList({ onAdded, onCancel }: NewListProps) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isSaving, startSaving] = useTransition();
  const save = () =>
    startSaving(async () => {
      const result = await createContactListAction({ name });
      if (result.ok) onAdded(result.data);
      else setError(result.error.fields?.name?.join(" ") ?? result.error.message);
    });
  return (
    <Group align="flex-start" gap="xs" wrap="nowrap">
      <TextInput
        aria-label="Name of the new list"
        placeholder="Name of the new list"
        flex={1}
        autoFocus
        value={name}
        error={error}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault(); // the form around it is not meant
          save();
        }}
      />
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <Button onClick={save} loading={isSaving}>
        Create
      </Button>
    </Group>
  );
}
