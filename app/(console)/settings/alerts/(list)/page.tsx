import { IconBell } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { AddLink } from "@/components/list-footer";
import { EmptyState, ListPage } from "@/components/list-page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import { requireUser } from "@/lib/http/auth/session";
import { listAlertChannels } from "@/lib/watch/alerts/queries";
import { type AlertChannelRow, CHANNEL_LABELS } from "@/lib/watch/alerts/schema";
import { ANNOUNCE_AFTER } from "@/lib/watch/incidents/schema";
import { AlertChannelMenu } from "../alert-channel-menu";
import { ChannelState } from "../channel-state";

const PATH = "/settings/alerts";

export default async function AlertsPage({ searchParams }: PageProps<typeof PATH>) {
  const list = await listAlertChannels.open(await requireUser(), await searchParams);
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Alerts"
      description="Who to notify when mail stops, when it works again, and before a secret expires."
      noun={{ one: "channel", many: "channels" }}
      search="Search alert channels"
      add={<AddLink href="/settings/alerts/new" label="New alert channel" />}
      filters={[{ name: "kind", label: "Kind", all: "All kinds", options: CHANNEL_LABELS }]}
      empty={NO_CHANNELS}
      columns={[
        ["Name", "name"],
        ["Goes to", "target"],
        ["State", "state"],
        ["Last delivered", "lastDelivered"],
      ]}
      rows={(rows) => rows.map((row) => <ChannelRow key={row.id} row={row} />)}
    />
  );
}

function ChannelRow({ row }: { row: AlertChannelRow }) {
  return (
    <tr>
      <td>
        <div>
          <RowLink href={routes.alertChannel(row.id)} look="name">
            {row.name}
          </RowLink>
          <span className={classes.second}>{CHANNEL_LABELS[row.kind]}</span>
        </div>
      </td>
      <td data-label="Goes to" className={classes.wide}>
        {row.targetText}
      </td>
      <td data-label="State">
        <ChannelState channel={row} />
      </td>
      <td data-label="Last delivered" className={classes.fit}>
        {row.lastDeliveredAt ? (
          <RelativeTime at={row.lastDeliveredAt} />
        ) : (
          <span className={classes.dimmed}>Never</span>
        )}
      </td>
      <td className={classes.menu}>
        <AlertChannelMenu id={row.id} name={row.name} kind={row.kind} />
      </td>
    </tr>
  );
}

const NO_CHANNELS = (
  <EmptyState
    icon={IconBell}
    title="No alert channels yet"
    link={{ href: "/settings/alerts/new", label: "New alert channel" }}
  >
    <Can
      permission="alerts:write"
      otherwise="Ask an administrator to add an email address or a webhook."
    >
      Add an email address or a webhook.
    </Can>{" "}
    You get one message per cause, however many accounts it stops. Problems that end within{" "}
    {ANNOUNCE_AFTER} send nothing.
  </EmptyState>
);
