import { IconAddressBook } from "@tabler/icons-react";
import { EmptyState } from "@/components/list-page";
import { Page } from "@/components/page";
import { findContactList, searchContactLists } from "@/lib/contacts/lists/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { NewListButton } from "../contact-list-rows";
import { ContactLists } from "../contact-lists";
import { ImportContactsForm } from "./import-contacts-form";

export default async function ImportContactsPage({ searchParams }: PageProps<"/contacts/import">) {
  const actor = await requireUserOf("/contacts/import");
  const wanted = idSchema.safeParse((await searchParams).list).data;
  const [lists, list] = await Promise.all([
    searchContactLists(actor, ""),
    wanted ? findContactList(actor, wanted) : null,
  ]);
  const chosen = list ?? lists.found[0];
  return (
    <ContactLists lists={lists}>
      <Page
        title="Import contacts"
        description="From a CSV file. Its first line names the columns: email and, optionally, name."
        parent={{ href: "/contacts", label: "Contacts Manager" }}
      >
        {chosen ? (
          <ImportContactsForm list={{ id: chosen.id, name: chosen.name }} />
        ) : (
          <EmptyState
            icon={IconAddressBook}
            title="Create a list first"
            action={<NewListButton look="button" />}
          >
            Contacts are imported into a list.
          </EmptyState>
        )}
      </Page>
    </ContactLists>
  );
}
