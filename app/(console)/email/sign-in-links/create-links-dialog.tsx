"use client";

import { Loader, Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import type { LinksOf } from "@/lib/email-accounts/bulk/schema";
import { mailboxesText } from "@/lib/sign-ins/links/mailbox-names";
import { LINK_HOURS, type LinkPerson } from "@/lib/sign-ins/links/schema";
import { ReplaceChoice } from "./replace-choice";
import { showLinks, useCreateLinks } from "./use-create-links";

type CreateLinksDialogProps = { of: LinksOf; onClose: () => void };

export function CreateLinksDialog({ of, onClose }: CreateLinksDialogProps) {
  const { people, problem, plan, replaces, setReplaces, create } = useCreateLinks(of);
  return (
    <ConfirmDialog
      title={plan.title}
      confirmLabel={plan.label}
      isDisabled={plan.created === 0}
      problem={problem}
      action={create}
      onSuccess={(links) => {
        onClose();
        showLinks(links);
      }}
      onClose={onClose}
    >
      {people === null && problem === null && <Loader size="sm" aria-label="Loading" />}
      {people && <ReplaceChoice people={people} replaces={replaces} onChange={setReplaces} />}
      {people && <Opened people={people} />}
      <Text size="sm">
        Owners sign their mailboxes in with the link, without an account in Postkey. A link works
        once, within {LINK_HOURS} hours.
      </Text>
    </ConfirmDialog>
  );
}

function Opened({ people }: { people: readonly LinkPerson[] }) {
  const [only] = people.length === 1 ? people : [];
  if (!only) return null;
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      {only.username} signs in for {mailboxesText(only.mailboxes)}.
    </Text>
  );
}
