"use client";

import { ActionIcon, Box, Button, Group, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { searchContactListsAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-field";
import { SwitchField } from "@/components/fields";
import { rememberChoice } from "@/components/known-choices";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import type { AccountValues } from "./account-values";
import { NewList } from "./new-list";

type ContactListFieldProps = { lists: Choices; chosen: Choice | null };

export function ContactListField({ lists, chosen }: ContactListFieldProps) {
  const { setValue } = useFormContext<AccountValues>();
  const [created, setCreated] = useState<Choice | null>(null);
  const [isAdding, setAdding] = useState(false);
  const add = (list: Choice) => {
    setCreated(list);
    rememberChoice(list);
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
        <NewListButton isFirst={lists.found.length === 0} onClick={() => setAdding(true)} />
      </Group>
      {isAdding && <NewList onAdded={add} onCancel={() => setAdding(false)} />}
    </>
  );
}

function NewListButton({ isFirst, onClick }: { isFirst: boolean; onClick: () => void }) {
  if (isFirst)
    return (
      <Button variant="default" leftSection={<IconPlus size={16} />} onClick={onClick}>
        New list
      </Button>
    );
  return (
    <ActionIcon
      title="New list"
      variant="default"
      size={36}
      aria-label="New list"
      onClick={onClick}
    >
      <IconPlus size={18} />
    </ActionIcon>
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
