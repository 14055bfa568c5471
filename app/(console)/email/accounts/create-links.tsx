"use client";

import { Button, Group, Text } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import { useState } from "react";
import { TextLink } from "@/components/links";
import type { Selection } from "@/lib/email-accounts/bulk/schema";
import { CreateLinksDialog } from "../sign-in-links/create-links-dialog";
import { useLinkPeople } from "../sign-in-links/use-link-people";

type CreateLinksProps = { selection: Selection; onCreated?: () => void };

/** For people who sign in by browser: links with which they do it themselves. */
export function CreateLinks({ selection, onCreated }: CreateLinksProps) {
  const [isOpen, setOpen] = useState(false);
  const { people, askAgain } = useLinkPeople(selection);
  if (people === null || people.length === 0) return null;
  const rest = people.filter(({ open }) => open === null).length;
  const close = () => {
    setOpen(false);
    void askAgain();
  };
  return (
    <Group justify="space-between">
      <div>
        <Text size="sm">
          You can let owners sign in their own mailboxes: each with a link, without an account here.
        </Text>
        <Text size="sm">
          {people.length === 1
            ? "1 person signs in for these accounts."
            : `${people.length.toLocaleString("en")} people sign in for these accounts, some of them perhaps for several.`}
        </Text>
        <OpenText open={people.length - rest} all={people.length} />
      </div>
      <Button
        variant={rest === 0 ? "subtle" : "default"}
        size="xs"
        leftSection={<IconMailShare size={16} />}
        onClick={() => setOpen(true)}
      >
        {rest === 0 ? "Replace links" : createText(rest)}
      </Button>
      {isOpen && (
        <CreateLinksDialog of={selection} {...(onCreated && { onCreated })} onClose={close} />
      )}
    </Group>
  );
}

function createText(count: number): string {
  return count === 1 ? "Create link" : `Create ${count.toLocaleString("en")} links`;
}

function OpenText({ open, all }: { open: number; all: number }) {
  if (open === 0) return null;
  return (
    <Text size="sm">
      {open.toLocaleString("en")} of {all.toLocaleString("en")} {open === 1 ? "has" : "have"} an
      open link. <TextLink href="/email/sign-in-links">Sign-in Links</TextLink>
    </Text>
  );
}
