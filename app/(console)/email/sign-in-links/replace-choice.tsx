"use client";

import { Alert, List, Radio, Stack, Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import type { LinkPerson, StandingLink } from "@/lib/sign-ins/links/schema";

type ReplaceChoiceProps = {
  people: readonly LinkPerson[];
  replaces: boolean;
  onChange: (replaces: boolean) => void;
};

export function ReplaceChoice({ people, replaces, onChange }: ReplaceChoiceProps) {
  const open = people.flatMap(({ username, open: link }) => (link ? [{ username, link }] : []));
  if (open.length === 0) return null;
  const rest = people.length - open.length;
  return (
    <Stack gap="sm">
      <Alert color="yellow" title={titleOf(open.length, people.length)}>
        <Stack gap={4}>
          <Standing open={open} />
          {rest === 0 && <Text>{endText(open.length)}</Text>}
        </Stack>
      </Alert>
      {rest > 0 && (
        <Radio.Group
          label="Create links for"
          value={replaces ? "all" : "rest"}
          onChange={(value) => onChange(value === "all")}
        >
          <Stack gap="xs" mt={4}>
            <Radio value="rest" label={`Only those without an open link (${countText(rest)})`} />
            <Radio
              value="all"
              label={`All ${countText(people.length)}`}
              description={endText(open.length)}
            />
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  );
}

const NAMED = 5;

function Standing({ open }: { open: readonly { username: string; link: StandingLink }[] }) {
  const more = open.length - NAMED;
  return (
    <List size="sm">
      {open.slice(0, NAMED).map(({ username, link }) => (
        <List.Item key={`${username} ${link.createdAt.toISOString()}`}>
          <span style={{ overflowWrap: "anywhere" }}>{username}</span>:{" "}
          <StandingLinkText link={link} />
        </List.Item>
      ))}
      {more > 0 && <List.Item>and {countText(more)} more</List.Item>}
    </List>
  );
}

function titleOf(open: number, all: number): string {
  if (all === 1) return "There is an open link";
  return `${countText(open)} of ${countText(all)} ${open === 1 ? "has" : "have"} an open link`;
}

export function endText(open: number): string {
  return open === 1
    ? "The previous link stops working."
    : `The ${countText(open)} previous links stop working.`;
}

function countText(count: number): string {
  return count.toLocaleString("en");
}

export function StandingLinkText({ link }: { link: StandingLink }) {
  const { mail, createdAt, createdByName, openedAt, state, failedAt, expiresAt } = link;
  const sentAt = mail?.letter.sentAt;
  return (
    <>
      {sentAt ? (
        <>
          sent by mail <RelativeTime at={sentAt} />
        </>
      ) : (
        <>
          created <RelativeTime at={createdAt} /> by {createdByName},{" "}
          {mail ? UNSENT[mail.letter.state] : "not sent by mail"}
        </>
      )}
      {openedAt ? (
        <>
          ; opened <RelativeTime at={openedAt} />
        </>
      ) : (
        "; not opened"
      )}
      {state === "failed" && failedAt && (
        <>
          ; the sign-in failed <RelativeTime at={failedAt} />
        </>
      )}
      ; expires <RelativeTime at={expiresAt} />
    </>
  );
}

const UNSENT = { waiting: "waits to be sent", failed: "could not be sent", sent: "sent" } as const;
