import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { routes } from "@/components/routes";
import { requireUser } from "@/lib/auth/session";
import { findContactList } from "@/lib/contact-lists/queries";
import { idSchema } from "@/lib/fields/schema";
import { ContactListMenu } from "../contact-list-menu";
import { ContactsView } from "../contacts-view";

export const metadata: Metadata = { title: "Contacts" };

type Props = PageProps<"/contacts/[contactListId]">;

export default async function ContactListPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const id = idSchema.safeParse((await params).contactListId).data;
  const list = id ? await findContactList(actor, id) : null;
  if (!list) notFound();
  return (
    <ContactsView
      actor={actor}
      title={list.name}
      path={routes.contactList(list.id)}
      contactListId={list.id}
      searchParams={await searchParams}
      menu={<ContactListMenu {...list} />}
    />
  );
}
