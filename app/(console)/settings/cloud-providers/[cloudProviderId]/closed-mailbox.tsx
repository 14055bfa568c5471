import { Paper, Stack, Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { findClosedMailbox } from "@/lib/checks/closed/queries";
import { CLOSED_RESULTS, type ClosedResult } from "@/lib/checks/closed/schema";
import type { Actor } from "@/lib/kernel/actor";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { ClosedMailboxButtons } from "./closed-mailbox-buttons";
import { remedyFor } from "./remedy-for";

type ClosedMailboxProps = { actor: Actor; provider: CloudProviderDetail };

/** The proof that the application opens no more than it should. */
export async function ClosedMailbox({ actor, provider }: ClosedMailboxProps) {
  const found = await findClosedMailbox(actor, provider.id);
  const emailAddress = found?.emailAddress ?? "";
  const names = { usernames: [emailAddress], authorizationIds: [], count: 1 };
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Text>
          {emailAddress === ""
            ? "Name a mailbox that must stay closed, and Postkey tries once a day to open it as the application, by every protocol and through Microsoft Graph. It reads and sends nothing. If the mailbox opens, that is an incident."
            : `${emailAddress} must stay closed. Postkey tries once a day to open it.`}
        </Text>
        {found?.checkedAt && (
          <Text>
            <b>{CLOSED_RESULTS[found.result as ClosedResult]}</b>,{" "}
            <RelativeTime at={found.checkedAt} />. {found.reason}
          </Text>
        )}
        {found?.result === "open" && (
          <RemedyPanel
            remedy={{ ...remedyFor("postkey.closed_mailbox_open", provider, names), buttons: [] }}
          />
        )}
        <ClosedMailboxButtons cloudProviderId={provider.id} emailAddress={emailAddress} />
      </Stack>
    </Paper>
  );
}
