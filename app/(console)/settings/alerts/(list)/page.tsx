import { IconBell } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { AddLink, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { requireUser } from "@/lib/http/auth/session";
import { listAlertChannels } from "@/lib/watch/alerts/queries";
import { AlertChannelTable } from "../alert-channel-table";

export const metadata: Metadata = { title: "Alerts" };

export default async function AlertsPage() {
  const channels = await listAlertChannels(await requireUser());
  const count = channels.length;
  return (
    <Page
      title="Alerts"
      description="Who to notify when mail stops, when it works again, and before a secret expires."
      footer={
        <ListFooter
          page={{ total: { count, isCapped: false }, shown: count }}
          hrefOf={() => "/settings/alerts"}
          noun={{ one: "channel", many: "channels" }}
          add={<AddLink href="/settings/alerts/new" label="New alert channel" />}
        />
      }
    >
      {count === 0 ? <NoChannels /> : <AlertChannelTable rows={channels} />}
    </Page>
  );
}

function NoChannels() {
  return (
    <EmptyState
      icon={<IconBell size={40} stroke={1.3} />}
      title="No alert channels yet"
      action={
        <LinkButton href="/settings/alerts/new" mt="md" variant="default">
          New alert channel
        </LinkButton>
      }
    >
      Add an email address or a webhook. You get one message per cause, however many accounts it
      stops. Problems that end within ten minutes send nothing.
    </EmptyState>
  );
}
