import { requireUserOf } from "@/lib/http/auth/session";
import { ContactsView } from "../contacts-view";

const PATH = "/contacts/all";

export default async function AllContactsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUserOf("/contacts/all");
  return (
    <ContactsView
      actor={actor}
      title="All contacts"
      path={PATH}
      searchParams={await searchParams}
    />
  );
}
