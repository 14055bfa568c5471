import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { routes } from "@/components/routes";
import { findContactList } from "@/lib/contacts/lists/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { ContactListMenu } from "../contact-list-menu";
import { ContactsView } from "../contacts-view";

export const metadata: Metadata = { title: "Contacts" };

type Props = PageProps<"/contacts/[contactListId]">;

export default async function ContactListPage({ params, searchParams }: Props) {
  const actor = await requireUserOf("/contacts/[contactListId]");
  const id = idSchema.safeParse((await params).contactListId).data;
  const list = id ? await findContactList(actor, id) : null;
  if (!list) notFound();
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
