"use client";

import { Button, Group, TextInput } from "@mantine/core";
import { useState, useTransition } from "react";
import { createContactListAction } from "@/app/(console)/contacts/actions";
import { attempt } from "@/components/use-action";
import type { Choice } from "@/lib/kernel/choices/schema";

type NewListProps = { onAdded: (list: Choice) => void; onCancel: () => void };

export function NewList({ onAdded, onCancel }: NewListProps) {
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
