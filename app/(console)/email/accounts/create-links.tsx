"use client";

import { Button, Group, Text } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/components/use-action";
import type { Selection, SignInPlan } from "@/lib/email-accounts/bulk/schema";
import type { NewSignInLink } from "@/lib/sign-ins/links/schema";
import { LinksDialog } from "../sign-in-links/links-dialog";
import { createLinksForSelectedAction } from "./actions";

type CreateLinksProps = { plan: SignInPlan; selection: Selection };

/** For people who sign in by browser: links with which they do it themselves. */
export function CreateLinks({ plan, selection }: CreateLinksProps) {
  const [links, setLinks] = useState<readonly NewSignInLink[] | null>(null);
  const { isBusy, run } = useAction();
  const people = plan.providers
    .filter(({ grant }) => grant === "delegated")
    .reduce((count, provider) => count + provider.people.length, 0);
  if (people === 0) return null;
  return (
    <Group justify="space-between">
      <Text size="sm">
        You can let owners sign in their own mailboxes: each with a link, without an account here.
      </Text>
      <Button
        variant="default"
        size="xs"
        loading={isBusy}
        leftSection={<IconMailShare size={16} />}
        onClick={() => run(() => createLinksForSelectedAction(selection), setLinks)}
      >
        {people === 1 ? "Create link" : `Create ${people.toLocaleString("en")} links`}
      </Button>
      {links && <LinksDialog links={links} onClose={() => setLinks(null)} />}
    </Group>
  );
}
