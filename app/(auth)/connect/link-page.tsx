"use client";

import { Button, List, Text } from "@mantine/core";
import { useTransition } from "react";
import { ActButton, act } from "@/components/acts";
import { dayText } from "@/components/day";
import { notifyProblem } from "@/components/notify";
import { attempt, leaveFor } from "@/components/use-action";
import type { ActionError } from "@/lib/http/schema";
import { isOwnMailbox, mailboxesText } from "@/lib/sign-ins/links/mailbox-names";
import type { ShownLink, UsedLink } from "@/lib/sign-ins/links/schema";
import { beginAgainAction, beginByLinkAction, showLinkAction } from "../actions";
import { LinkGate } from "../link-gate";

export function LinkPage({ host }: { host: string }) {
  return (
    <LinkGate title={TITLE} titleOf={titleOf} find={showLinkAction}>
      {(token, link, refuse) =>
        link.isUsed ? (
          <Used link={link} />
        ) : (
          <Asked link={link} host={host} token={token} onRefused={refuse} />
        )
      }
    </LinkGate>
  );
}

const TITLE = "Sign in to your mailbox";
const titleOf = ({ isUsed }: ShownLink | UsedLink) =>
  isUsed ? "Your mailbox is signed in" : TITLE;

function Used({ link: { username, mailboxes } }: { link: UsedLink }) {
  return (
    <Text size="md" role="status">
      You are signed in as <b style={{ overflowWrap: "anywhere" }}>{username}</b>
      <OpenedFor username={username} mailboxes={mailboxes} />. Nothing more to do.
    </Text>
  );
}

type AskedProps = {
  link: ShownLink;
  host: string;
  token: string;
  onRefused: (error: ActionError) => void;
};

function Asked({ link, host, token, onRefused }: AskedProps) {
  const { username, mailboxes, createdByName, isAutomatic, platform, expiresAt } = link;
  const isOwn = isOwnMailbox(username, mailboxes);
  const [isBusy, start] = useTransition();
  const begin = () =>
    start(async () => {
      const result = await attempt(() => beginByLinkAction({ token }));
      if (result.ok) leaveFor(result.data);
      else if (result.error.code === "not_found") onRefused(result.error);
      else notifyProblem(result.error);
    });
  return (
    <>
      <Text size="md">
        {isAutomatic ? platform : createdByName} asks you to sign in{" "}
        <b style={{ overflowWrap: "anywhere" }}>{username}</b>{" "}
        {isAutomatic
          ? `again. Until then, Postkey at ${host} can't work with `
          : `at ${platform}, so that Postkey at ${host} can work with `}
        {isOwn ? (
          "this mailbox"
        ) : (
          <b style={{ overflowWrap: "anywhere" }}>{mailboxesText(mailboxes)}</b>
        )}
        .
      </Text>
      <div>
        <Text size="md" fw={500}>
          You allow Postkey to
        </Text>
        <List size="sm" mt={4}>
          <List.Item>
            read and change the mail in {mailboxes.length > 1 ? "these mailboxes" : "this mailbox"}
          </List.Item>
          <List.Item>send mail from {mailboxes.length > 1 ? "them" : "it"}</List.Item>
          <List.Item>do so until you or your administrator end it</List.Item>
        </List>
      </div>
      <Text>
        You enter your password only at {platform}. Postkey never sees it, and you need no account
        here.
      </Text>
      <Button onClick={begin} loading={isBusy} fullWidth>
        Continue to {platform}
      </Button>
      <Text size="xs" c="dimmed">
        The link works once, until {dayText(expiresAt)}, {expiresAt.toISOString().slice(11, 16)}{" "}
        UTC.{" "}
        {isAutomatic
          ? `If you don't know why you got it, close this page and ask your administrator about Postkey at ${host}.`
          : `If you don't know ${createdByName}, close this page and ask your administrator.`}
      </Text>
    </>
  );
}

type OpenedForProps = { username: string; mailboxes: readonly string[] };

export function OpenedFor({ username, mailboxes }: OpenedForProps) {
  if (isOwnMailbox(username, mailboxes)) return null;
  return (
    <>
      {" for "}
      <b style={{ overflowWrap: "anywhere" }}>{mailboxesText(mailboxes)}</b>
    </>
  );
}

type TryAgainButtonProps = { authorizationRequestId: string; isPrimary: boolean };

export function TryAgainButton({ authorizationRequestId, isPrimary }: TryAgainButtonProps) {
  return (
    <ActButton
      fullWidth
      variant={isPrimary ? "filled" : "default"}
      label="Try again"
      run={act(() => beginAgainAction({ authorizationRequestId }), leaveFor)}
    />
  );
}
