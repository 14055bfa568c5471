"use client";

import { ActionIcon, Box, Button, Group, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState, useTransition } from "react";
import { useFormContext } from "react-hook-form";
import { searchContactListsAction } from "@/app/(console)/choices/actions";
import { createContactListAction } from "@/app/(console)/contacts/actions";
import { ChoiceField } from "@/components/choice-field";
import { attempt } from "@/components/use-action";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import type { AccountValues } from "./account-values";

type ContactListFieldProps = { lists: Choices; chosen: Choice | null };

/** The list that new senders are saved to; one can be created in place. */
export function ContactListField({ lists, chosen }: ContactListFieldProps) {
  const { setValue } = useFormContext<AccountValues>();
  const [created, setCreated] = useState<Choice | null>(null);
  const [isAdding, setAdding] = useState(false);
  const add = (list: Choice) => {
    setCreated(list);
    setAdding(false);
    setValue("contactListId", list.id, { shouldDirty: true });
  };
  return (
    <>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <Box flex={1}>
          <ChoiceField<AccountValues>
            name="contactListId"
            label="List"
            description="New senders are saved here unless they are already in the Contacts Manager."
            none="None"
            first={lists}
            find={(search) => searchContactListsAction({ search })}
            chosen={created ?? chosen}
          />
        </Box>
        <ActionIcon
          title="New list"
          variant="default"
          size={36}
          aria-label="New list"
          onClick={() => setAdding(true)}
        >
          <IconPlus size={18} />
        </ActionIcon>
      </Group>
      {isAdding && <NewList onAdded={add} onCancel={() => setAdding(false)} />}
    </>
  );
}

type NewListProps = { onAdded: (list: Choice) => void; onCancel: () => void };

function NewList({ onAdded, onCancel }: NewListProps) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isSaving, startSaving] = useTransition();
  const save = () =>
    startSaving(async () => {
      const result = await attempt(() => createContactListAction({ name }));
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
