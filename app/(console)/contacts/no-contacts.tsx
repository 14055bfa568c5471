import { Group } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { pageAt, routes } from "@/components/routes";
import type { Choice } from "@/lib/kernel/choices/schema";
import { NewContactButton } from "./new-contact-button";

export function NoneFound({ path, search }: { path: string; search: string }) {
  return (
    <NothingFound href={pageAt(path)} all="Show all contacts">
      {search
        ? `No contact in this view has “${search}” in its name or address.`
        : "No contact is in this view."}
    </NothingFound>
  );
}

type NoContactsProps = {
  contactListId: string | undefined;
  /** The list that a new one goes to. */
  addTo: Choice | undefined;
};

export function NoContacts({ contactListId, addTo }: NoContactsProps) {
  return (
    <EmptyState
      icon={<IconAddressBook size={40} stroke={1.3} />}
      title="No contacts yet"
      action={
        <Group justify="center" mt="md" gap="xs">
          {addTo && <NewContactButton list={addTo} look="button" />}
          <LinkButton href={routes.importContacts(contactListId)} variant="default">
            Import a file
          </LinkButton>
        </Group>
      }
    >
      New senders appear here automatically once an email account saves them to a list.
    </EmptyState>
  );
}
