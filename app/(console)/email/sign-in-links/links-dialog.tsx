import { Alert, Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCopy, IconDownload, IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { download } from "@/app/(console)/download";
import { Can } from "@/components/can";
import { CopyField } from "@/components/copy-field";
import { NoLetterChannel } from "@/components/no-letter-channel";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { useAction } from "@/components/use-action";
import { csvLine } from "@/lib/kernel/text/write-csv";
import type { MailedLinks } from "@/lib/sign-ins/links/letters/schema";
import { mailboxesText } from "@/lib/sign-ins/links/mailbox-names";
import { LINK_HOURS, type NewSignInLink } from "@/lib/sign-ins/links/schema";
import { mailSignInLinksAction } from "./actions";

type LinksDialogProps = { links: readonly NewSignInLink[] };

export function LinksDialog({ links }: LinksDialogProps) {
  const [first] = links;
  const isOne = links.length === 1;
  const canMail = links.some(({ mail }) => mail === "possible");
  return (
    <ShownOnceDialog
      title={isOne ? "Sign-in link" : `${links.length.toLocaleString("en")} sign-in links`}
    >
      <Alert color="yellow">
        {WAYS[`${isOne ? "one" : "many"} ${canMail ? "mail" : "copy"}`]} now.{" "}
        {isOne ? "It is" : "They are"} not shown again.
      </Alert>
      {isOne && first && (
        <CopyField
          label={`Link for ${first.username}`}
          value={first.link}
          description={`Works once, within ${LINK_HOURS} hours. Signs in for ${mailboxesText(first.mailboxes)}.`}
        />
      )}
      {!isOne && <Many links={links} />}
      <MailLinks links={links} />
      <Text c="dimmed">
        Each link is for the person it names, who needs no account in Postkey. Scanners that open
        links in mail don't use them up.
      </Text>
    </ShownOnceDialog>
  );
}

const WAYS = {
  "one copy": "Copy the link",
  "one mail": "Copy the link or send it",
  "many copy": "Copy or download the links",
  "many mail": "Copy, download or send the links",
} as const;

function Many({ links }: LinksDialogProps) {
  const lines = links
    .map(({ username, mailboxes, link }) => `${username}\t${mailboxes.join(" ")}\t${link}`)
    .join("\n");
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => download("postkey-sign-in-links.csv", linesOf(links))}
        >
          Download as CSV
        </Button>
        <CopyButton value={lines} timeout={2_000}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={<IconCopy size={16} />} onClick={copy}>
              {copied ? "Copied" : `Copy all ${links.length.toLocaleString("en")} links`}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text c="dimmed">
        Both hold one line for each person: the name that signs in, the mailboxes that it opens, and
        the link.
      </Text>
    </Stack>
  );
}

function linesOf(links: readonly NewSignInLink[]): string[] {
  const lines = links.map(({ username, mailboxes, link, expiresAt }) =>
    csvLine([username, mailboxes.join(" "), link, expiresAt.toISOString()]),
  );
  return [csvLine(["person", "mailboxes", "link", "expires"]), ...lines];
}

function MailLinks({ links }: LinksDialogProps) {
  const [sent, setSent] = useState<MailedLinks | null>(null);
  const { isBusy, run } = useAction();
  if (links.some(({ mail }) => mail === "no_channel"))
    return (
      <Text c="dimmed">
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
        <Text role="status">
          {sent.mailed === 1 && count === 1 && first
            ? `The link is being sent to ${first.username}.`
            : `${sent.mailed.toLocaleString("en")} links are being sent by mail, about 30 a minute.`}{" "}
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
    <Text c="dimmed">
      {count === 1
        ? "The user name is not an email address. Copy this link instead."
        : `${count.toLocaleString("en")} of the user names are not email addresses. Copy or download those links instead.`}
    </Text>
  );
}
