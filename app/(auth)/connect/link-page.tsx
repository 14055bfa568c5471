"use client";

import { Alert, Button, List, Loader, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { dayText } from "@/components/day";
import { attempt, leaveFor, useAction } from "@/components/use-action";
import type { ActionResult } from "@/lib/http/schema";
import type { ShownLink } from "@/lib/sign-ins/links/schema";
import { beginByLinkAction, showLinkAction } from "./actions";

/** More is no link, and is not sent. */
const HASH_MAX = 100;

/** Who asks for what, before its owner signs a mailbox in. */
export function LinkPage({ host }: { host: string }) {
  const [token, setToken] = useState("");
  const [shown, setShown] = useState<ActionResult<ShownLink> | null>(null);
  useEffect(() => {
    const given = window.location.hash.slice(1, HASH_MAX);
    setToken(given);
    void attempt(() => showLinkAction({ token: given })).then(setShown);
  }, []);
  return (
    <Stack gap="md" aria-busy={shown === null}>
      <Title order={1} size="h3">
        {shown?.ok === false ? "This link doesn't work" : "Sign in your mailbox"}
      </Title>
      {shown === null && <Loader size="sm" aria-label="Loading" />}
      {shown?.ok === false && <LinkProblem message={messageOf(shown.error)} />}
      {shown?.ok && <Asked link={shown.data} host={host} token={token} />}
    </Stack>
  );
}

function messageOf({ message, fields }: { message: string; fields?: Record<string, string[]> }) {
  return Object.values(fields ?? {})[0]?.[0] ?? message;
}

function LinkProblem({ message }: { message: string }) {
  return (
    <Alert color="yellow" role="alert">
      {message}
    </Alert>
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
