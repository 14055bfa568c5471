import type { Metadata } from "next";
import { Page } from "@/components/page";
import { searchSenders } from "@/lib/email-accounts/senders/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { NewAlertChannelForm } from "./new-alert-channel-form";

export const metadata: Metadata = { title: "New alert channel" };

export default async function NewAlertChannelPage() {
  const accounts = await searchSenders(await requireUserOf("/settings/alerts/new"), "");
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
