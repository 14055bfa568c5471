import type { Metadata } from "next";
import { Page } from "@/components/page";
import { listContactListChoices } from "@/lib/contacts/lists/queries";
import { requireUser } from "@/lib/http/auth/session";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { NewEmailAccountForm } from "./new-email-account-form";

export const metadata: Metadata = { title: "New Email Account" };

export default async function NewEmailAccountPage() {
  const actor = await requireUser();
  const [providers, lists] = await Promise.all([
    searchCloudProviders(actor),
    listContactListChoices(actor),
  ]);
  return (
    <Page
      title="New Email Account"
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
      width="form"
    >
      <NewEmailAccountForm providers={providers} lists={lists} />
    </Page>
  );
}
