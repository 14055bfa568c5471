import { Paper, Stack, Text } from "@mantine/core";
import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { routes } from "@/components/routes";
import type { CaptureRow } from "@/lib/capture/schema";
import type { Remedy } from "@/lib/remedies/remedy";

type ContactCaptureProps = { capture: CaptureRow; isActive: boolean; remedy: Remedy | null };

/** Whether new senders reach the list, and how many did. */
export function ContactCapture({ capture, isActive, remedy }: ContactCaptureProps) {
  const { contactListId, listName, messages, captured } = capture;
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap={6}>
        <Text size="sm">
          New senders are saved to{" "}
          <InlineLink href={routes.contactList(contactListId)}>{listName}</InlineLink>.{" "}
          <Following capture={capture} isActive={isActive} />
        </Text>
        <Text size="sm" c="dimmed">
          {count(messages, "message")} read, {count(captured, "new contact")}.
        </Text>
        {remedy && <RemedyPanel remedy={remedy} at={capture.failedAt} />}
      </Stack>
    </Paper>
  );
}

function Following({ capture, isActive }: Omit<ContactCaptureProps, "remedy">) {
  if (!isActive) return "While the account is not active, its inbox is not followed.";
  if (capture.failureId) return "The inbox cannot be followed now; it is tried again by itself.";
  if (!capture.followingSince) return "The inbox will be followed in a moment.";
  return (
    <>
      The inbox is followed since <RelativeTime at={capture.followingSince} />.
    </>
  );
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
