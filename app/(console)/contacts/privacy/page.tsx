import { Page } from "@/components/page";
import { countKeptOut } from "@/lib/contacts/privacy/queries";
import { findContact } from "@/lib/contacts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { PersonalDataForm } from "./personal-data-form";

export default async function PersonalDataPage({ searchParams }: PageProps<"/contacts/privacy">) {
  const actor = await requireUserOf("/contacts/privacy");
  const id = idSchema.safeParse((await searchParams).contact).data;
  const [contact, keptOut] = await Promise.all([
    id ? findContact(actor, id) : null,
    countKeptOut(actor),
  ]);
  return (
    <Page
      title="Personal data"
      description="Export or erase everything stored about a person."
      parent={{ href: "/contacts", label: "Contacts Manager" }}
      width="form"
    >
      <PersonalDataForm email={contact?.email ?? ""} keptOut={keptOut} />
    </Page>
  );
}
