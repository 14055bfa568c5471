"use client";

import { Button, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { Can } from "@/components/can";
import { NoLetterChannel } from "@/components/no-letter-channel";
import { useAction } from "@/components/use-action";
import type { MailedLinks } from "@/lib/sign-ins/links/letters/schema";
import type { NewSignInLink } from "@/lib/sign-ins/links/schema";
import { mailSignInLinksAction } from "./actions";

type MailLinksProps = { links: readonly NewSignInLink[] };

export function MailLinks({ links }: MailLinksProps) {
  const [sent, setSent] = useState<MailedLinks | null>(null);
  const { isBusy, run } = useAction();
  if (links.some(({ mail }) => mail === "no_channel"))
    return (
      <Text size="sm" c="dimmed">
        <NoLetterChannel />
      </Text>
    );
  const addressed = links.filter(({ mail }) => mail !== "no_address");
  if (addressed.length === 0) return <WithoutAddress count={links.length} />;
  const [first] = addressed;
  const count = addressed.length;
  if (sent)
    return (
      <>
        <Text size="sm" role="status">
          {sent.mailed === 1 && count === 1 && first
            ? `The link goes to ${first.username} by mail.`
            : `${sent.mailed.toLocaleString("en")} links go out by mail, about 30 a minute.`}{" "}
          Sign-in Links shows when each is sent, and what the server says.
        </Text>
        {sent.withoutAddress > 0 && <WithoutAddress count={sent.withoutAddress} />}
      </>
    );
  const tokens = addressed.map(({ link }) => link.slice(link.indexOf("#") + 1));
  return (
    <Can permission="authorizations:write">
      <Button
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconSend size={16} />}
        loading={isBusy}
        onClick={() => run(() => mailSignInLinksAction({ tokens }), setSent)}
      >
        {count === 1 ? "Send by mail" : `Send ${count.toLocaleString("en")} by mail`}
      </Button>
    </Can>
  );
}

function WithoutAddress({ count }: { count: number }) {
  return (
    <Text size="sm" c="dimmed">
      {count === 1
        ? "The user name is not an email address. Copy this link instead."
        : `${count.toLocaleString("en")} of the user names are not email addresses. Copy or download those links instead.`}
    </Text>
  );
}
