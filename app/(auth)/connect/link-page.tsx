"use client";

import { Button, List, Text } from "@mantine/core";
import { dayText } from "@/components/day";
import { leaveFor, useAction } from "@/components/use-action";
import type { ShownLink } from "@/lib/sign-ins/links/schema";
import { LinkGate } from "../link-gate";
import { beginByLinkAction, showLinkAction } from "./actions";

/** Who asks for what, before its owner signs a mailbox in. */
export function LinkPage({ host }: { host: string }) {
  return (
    <LinkGate title="Sign in your mailbox" find={showLinkAction}>
      {(token, link) => <Asked link={link} host={host} token={token} />}
    </LinkGate>
  );
}

type AskedProps = { link: ShownLink; host: string; token: string };

function Asked({ link, host, token }: AskedProps) {
  const { username, createdByName, platform, expiresAt } = link;
  const { isBusy, run } = useAction();
  const begin = () => run(() => beginByLinkAction({ token }), leaveFor);
  return (
    <>
      <Text>
        {createdByName} asks you to sign in <b style={{ overflowWrap: "anywhere" }}>{username}</b>{" "}
        at {platform}, so that Postkey at {host} can work with this mailbox.
      </Text>
      <div>
        <Text fw={500}>You allow Postkey to</Text>
        <List size="sm" mt={4}>
          <List.Item>read the mail in this mailbox</List.Item>
          <List.Item>send mail from it</List.Item>
          <List.Item>do so until you or your administrator end it</List.Item>
        </List>
      </div>
      <Text size="sm">
        You enter your password at {platform} only. Postkey never sees it, and you need no account
        here.
      </Text>
      <Button onClick={begin} loading={isBusy} fullWidth>
        Continue to {platform}
      </Button>
      <Text size="xs" c="dimmed">
        The link works once, until {dayText(expiresAt)}, {expiresAt.toISOString().slice(11, 16)}{" "}
        UTC. If you don't know {createdByName}, close this page and ask your administrator.
      </Text>
    </>
  );
}
