import type { Metadata } from "next";
import { Page } from "@/components/page";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { NewAlertChannelForm } from "./new-alert-channel-form";

export const metadata: Metadata = { title: "New alert channel" };

export default async function NewAlertChannelPage() {
  const accounts = await searchEmailAccounts(await requireUserOf("/settings/alerts/new"), "");
  return (
    <Page
      title="New alert channel"
      parent={{ href: "/settings/alerts", label: "Alerts" }}
      width="form"
    >
      <NewAlertChannelForm accounts={accounts} />
    </Page>
  );
}
