import type { Metadata } from "next";
import { requireUser } from "@/lib/http/auth/session";
import { ContactsView } from "../contacts-view";

export const metadata: Metadata = { title: "All contacts" };

const PATH = "/contacts/all";

export default async function AllContactsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  return (
    <ContactsView
      actor={actor}
      title="All contacts"
      path={PATH}
      searchParams={await searchParams}
    />
  );
}
