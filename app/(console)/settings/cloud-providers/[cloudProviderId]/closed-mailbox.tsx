import { Paper, Stack, Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { CLOSED_RESULTS, type ClosedResult } from "@/lib/checks/closed/schema";
import { ClosedMailboxButtons } from "./closed-mailbox-buttons";
import { remedyFor } from "./remedy-for";
import type { Shown } from "./shown";

type Of = Pick<Shown, "provider" | "closed">;

/** The proof that the application opens no more than it should. */
export function ClosedMailbox({ provider, closed }: Of) {
  const emailAddress = closed?.emailAddress ?? "";
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Text>
          {emailAddress === ""
            ? "Name a mailbox that must stay closed, and Postkey tries once a day to open it as the application, by every protocol and through Microsoft Graph. It reads and sends nothing. If the mailbox opens, that is an incident."
            : `${emailAddress} must stay closed. Postkey tries once a day to open it. A mailbox that does not exist stays closed too: check the address.`}
        </Text>
        {closed?.checkedAt && (
          <Text>
            <b>{CLOSED_RESULTS[closed.result as ClosedResult]}</b>,{" "}
            <RelativeTime at={closed.checkedAt} />. {closed.reason}
          </Text>
        )}
        <ClosedMailboxButtons cloudProviderId={provider.id} emailAddress={emailAddress} />
      </Stack>
    </Paper>
  );
}

/** Where someone looks first. */
export function OpenedMailbox({ provider, closed }: Of) {
  if (closed?.result !== "open") return null;
  const names = { usernames: [closed.emailAddress], authorizationIds: [], count: 1 };
  const remedy = remedyFor("postkey.closed_mailbox_open", provider, names);
  return (
    <div>
      <Text fw={600} mb={4}>
        {closed.emailAddress}
      </Text>
      <RemedyPanel
        remedy={{ ...remedy, buttons: [] }}
        detail={closed.reason}
        at={closed.checkedAt}
      />
    </div>
  );
}
