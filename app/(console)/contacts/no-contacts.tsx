import { IconAddressBook } from "@tabler/icons-react";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { pageAt, routes } from "@/components/routes";

export function NoneFound({ path, search }: { path: string; search: string }) {
  return (
    <NothingFound href={pageAt(path)} all="Show all contacts">
      {search
        ? `No contact in this view has “${search}” in its name or address.`
        : "No contact is in this view."}
    </NothingFound>
  );
}

export function NoContacts({ contactListId }: { contactListId?: string }) {
  return (
    <EmptyState
      icon={<IconAddressBook size={40} stroke={1.3} />}
      title="No contacts yet"
      action={
        <LinkButton href={routes.importContacts(contactListId)} variant="default" mt="md">
          Import a file
        </LinkButton>
      }
    >
      New senders appear here automatically once an email account saves them to a list. You can also
      add contacts with the + button.
    </EmptyState>
  );
}
