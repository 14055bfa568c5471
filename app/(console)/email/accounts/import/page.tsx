import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { requireUserOf } from "@/lib/http/auth/session";
import { firstAccountChoices } from "../first-choices";
import { ImportAccountsForm } from "./import-accounts-form";

export default async function ImportAccountsPage() {
  const actor = await requireUserOf("/email/accounts/import");
  const choices = await firstAccountChoices(actor);
  return (
    <Page
      title="Import email accounts"
      description="Adds many accounts from a CSV file, one for each line."
      parent={{ href: routes.emailAccounts, label: "Email Accounts" }}
    >
      <ImportAccountsForm {...choices} />
    </Page>
  );
}
