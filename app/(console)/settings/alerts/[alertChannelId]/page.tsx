import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { byId } from "@/app/(console)/by-id";
import { SectionPages } from "@/components/list-footer";
import { Page, Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { requireUser } from "@/lib/http/auth/session";
import { readPosition } from "@/lib/kernel/sections/schema";
import { findAlertChannel, listDeliveries } from "@/lib/watch/alerts/queries";
import { type AlertChannelDetail, CHANNEL_LABELS } from "@/lib/watch/alerts/schema";
import { AlertChannelMenu, SendTestButton } from "../alert-channel-menu";
import { ChannelState, DeliveryTable } from "../channel-state";

type Props = PageProps<"/settings/alerts/[alertChannelId]">;

export default async function AlertChannelPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const channel = await byId((await params).alertChannelId, (id) => findAlertChannel(actor, id));
  const { name, kind } = channel;
  const parameters = await searchParams;
  const deliveries = await listDeliveries(
    actor,
    channel.id,
    readPosition(parameters, "deliveries"),
  );
  return (
    <Page
      title={name}
      parent={{ href: "/settings/alerts", label: "Alerts" }}
      description={
        <Group gap="xs" mt={6} align="flex-start">
          <ChannelState channel={channel} />
          <span>
            {CHANNEL_LABELS[kind]} · {fullTarget(channel)}
            {channel.sendsLinks && " · Also sends links to people"}
          </span>
        </Group>
      }
      actions={
        <Group gap="xs">
          <SendTestButton id={channel.id} name={name} />
          <AlertChannelMenu id={channel.id} name={name} kind={kind} />
        </Group>
      }
    >
      <Stack gap="lg">
        {channel.linksStoppedAt && (
          <Alert color="orange" icon={<IconAlertTriangle size={18} />} title="Links are not sent">
            <Text>
              The email account or its provider was changed{" "}
              <RelativeTime at={channel.linksStoppedAt} />: it signs in elsewhere or as someone
              else. Alerts are still sent. Check the account, then choose Edit and switch on “Also
              sends links to people” again.
            </Text>
          </Alert>
        )}
        <Failure channel={channel} />
        <Section title="Deliveries">
          <DeliveryTable rows={deliveries.rows} />
          <SectionPages
            list={deliveries}
            place={{ path: routes.alertChannel(channel.id), parameters }}
            section="deliveries"
            noun="delivery"
            many="deliveries"
          />
        </Section>
      </Stack>
    </Page>
  );
}

function Failure({ channel: { failingSince, failureText } }: { channel: AlertChannelDetail }) {
  if (!failingSince) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title="Alerts are not arriving">
      <Text>{failureText}</Text>
      <Text mt={4}>
        Started failing <RelativeTime at={failingSince} />. Postkey retries pending alerts for three
        days.
      </Text>
    </Alert>
  );
}

function fullTarget({ target, targetText }: AlertChannelDetail): string {
  return target.kind === "webhook" ? targetText : target.recipients.join(", ");
}
