import { IconAddressBook } from "@tabler/icons-react";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";

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
