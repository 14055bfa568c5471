"use client";

import { Alert } from "@mantine/core";
import { IconKey, IconSend } from "@tabler/icons-react";
import { ActButton, act, deleting, editing } from "@/components/acts";
import { CopyField } from "@/components/copy-field";
import { routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import { showOnce } from "@/components/shown-once";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import type { ChannelKind } from "@/lib/watch/alerts/schema";
import { deleteAlertChannelAction, renewSigningSecretAction, sendTestAlertAction } from "./actions";

type Channel = { id: string; name: string };

export function AlertChannelMenu({ id, name, kind }: Channel & { kind: ChannelKind }) {
  return (
    <RowMenu
      label={`Actions for ${name}`}
      needs="alerts:write"
      items={[
        sendingTest({ id, name }),
        editing(routes.editAlertChannel(id)),
        kind === "webhook" && {
          label: "New signing secret",
          icon: IconKey,
          confirm: {
            title: `New signing secret for ${name}`,
            label: "Create a new secret",
            text: "The old secret stops working at once. The receiver refuses alerts until it has the new one.",
          },
          run: act(
            () => renewSigningSecretAction({ id }),
            ({ secret }) => showOnce(<SigningSecretDialog name={name} secret={secret} />),
          ),
        },
        deleting({
          name,
          text: "This channel sends no more alerts. Its log is deleted, and pending alerts are not sent.",
          action: () => deleteAlertChannelAction({ id }),
          list: "/settings/alerts",
        }),
      ]}
    />
  );
}

export function sendingTest({ id, name }: Channel) {
  return {
    label: "Send a test",
    icon: IconSend,
    run: act(() => sendTestAlertAction({ id }), `A test was sent through ${name}.`),
  };
}

export function SendTestButton(channel: { id: string; name: string }) {
  return <ActButton {...sendingTest(channel)} needs="alerts:write" />;
}

export function SigningSecretDialog({ name, secret }: { name: string; secret: string }) {
  return (
    <ShownOnceDialog title={`Signing secret for ${name}`}>
      <Alert color="yellow">Copy the signing secret now. It is not shown again.</Alert>
      <CopyField
        label="Signing secret"
        description="The receiver uses it to verify webhook-signature, as Standard Webhooks describes."
        value={secret}
      />
    </ShownOnceDialog>
  );
}
