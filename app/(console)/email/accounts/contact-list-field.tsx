import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState, useTransition } from "react";
import { useFormContext } from "react-hook-form";
import { searchContactListsAction } from "@/app/(console)/choices/actions";
import { createContactListAction } from "@/app/(console)/contacts/actions";
import { ChoiceField } from "@/components/choice-input";
import { SwitchField } from "@/components/fields";
import { rememberChoice } from "@/components/known-choices";
import { attempt } from "@/components/use-action";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import type { AccountValues } from "./account-values";

export function ContactListField({ lists, chosen }: { lists: Choices; chosen: Choice | null }) {
  const { setValue } = useFormContext<AccountValues>();
  const [created, setCreated] = useState<Choice | null>(null);
  const add = (list: Choice) => {
    setCreated(list);
    rememberChoice(list);
    setValue("contactListId", list.id, { shouldDirty: true });
  };
  return (
    <>
      <ChoiceField<AccountValues>
        name="contactListId"
        label="List"
        description="New senders are saved here unless they are already in the Contacts Manager."
        none="None"
        first={lists}
        find={(search) => searchContactListsAction({ search })}
        chosen={created ?? chosen}
      />
      <AddList onAdded={add} />
    </>
  );
}

export function AddList({ onAdded }: { onAdded: (list: Choice) => void }) {
  const [isAdding, setAdding] = useState(false);
  const close = () => setAdding(false);
  const add = (list: Choice) => {
    onAdded(list);
    close();
  };
  if (isAdding) return <NewList onAdded={add} onCancel={close} />;
  return (
    <Button
      variant="default"
      size="compact-sm"
      w="fit-content"
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      New list
    </Button>
  );
}

function NewList({ onAdded, onCancel }: { onAdded: (list: Choice) => void; onCancel: () => void }) {
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

const SWITCHES = [
  {
    name: "captureReplyTo",
    label: "Save the Reply-To address",
    description:
      "If a message has a Reply-To address, that is saved instead of the sender. Use this for web forms that send on people's behalf.",
  },
  {
    name: "captureAutomatic",
    label: "Save automatic senders",
    description:
      "Newsletters, bounces, out-of-office answers and no-reply addresses become contacts too.",
  },
] as const;

export function CaptureSwitches() {
  return (
    <Stack gap="xs">
      {SWITCHES.map((field) => (
        <SwitchField<AccountValues> key={field.name} {...field} />
      ))}
    </Stack>
  );
}
