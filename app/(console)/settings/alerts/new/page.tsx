import { Page } from "@/components/page";
import { searchSenders } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { AlertChannelForm } from "../alert-channel-form";

export default async function NewAlertChannelPage() {
  const accounts = await searchSenders(await requireUserOf("/settings/alerts/new"), "");
  const [onlyAccount = null] = accounts.found.length === 1 ? accounts.found : [];
  return (
    <Page
      title="New alert channel"
      parent={{ href: "/settings/alerts", label: "Alerts" }}
      width="form"
    >
      <AlertChannelForm accounts={accounts} account={onlyAccount} />
    </Page>
  );
}
