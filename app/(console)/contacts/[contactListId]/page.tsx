import { byId } from "@/app/(console)/by-id";
import { routes } from "@/components/routes";
import { findContactList } from "@/lib/contacts/lists/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { ContactListMenu } from "../contact-list-rows";
import { ContactsView } from "../contacts-view";

type Props = PageProps<"/contacts/[contactListId]">;

export default async function ContactListPage({ params, searchParams }: Props) {
  const actor = await requireUserOf("/contacts/[contactListId]");
  const list = await byId((await params).contactListId, (id) => findContactList(actor, id));
  return (
    <ContactsView
      actor={actor}
      title={list.name}
      path={routes.contactList(list.id)}
      list={{ id: list.id, name: list.name }}
      searchParams={await searchParams}
      menu={<ContactListMenu {...list} />}
    />
  );
}
