import type { Metadata } from "next";
import { Page } from "@/components/page";
import { requireUserOf } from "@/lib/http/auth/session";
import { EmailAccountForm } from "../email-account-form";
import { firstAccountChoices } from "../first-choices";

export const metadata: Metadata = { title: "New Email Account" };

export default async function NewEmailAccountPage() {
  const actor = await requireUserOf("/email/accounts/new");
  const choices = await firstAccountChoices(actor);
  const [provider = null] = choices.providers.found.length === 1 ? choices.providers.found : [];
  return (
    <Page
      title="New Email Account"
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
      width="form"
    >
      <EmailAccountForm choices={{ ...choices, provider, list: null }} />
    </Page>
  );
}
