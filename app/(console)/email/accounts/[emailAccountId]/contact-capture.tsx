import { Paper, Stack, Text } from "@mantine/core";
import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import { type CaptureRow, SKIP_LABELS, type Skipped } from "@/lib/contacts/capture/schema";
import { counted } from "@/lib/kernel/text/schema";
import { isToldAbove, type Shown } from "./shown";
import { inboxNames, remedyOf } from "./what-to-do";

export function ContactCapture(shown: Shown) {
  const { account, provider, capture } = shown;
  if (!capture) return null;
  const { failureId } = capture;
  const isTold = failureId !== null && isToldAbove(shown, failureId);
  const { list, messages, captured } = capture;
  return (
    <Section title="Contact capture">
      <Paper withBorder p="md" radius="md">
        <Stack gap={6}>
          <Text size="sm">
            New senders are saved to{" "}
            {list ? (
              <InlineLink href={routes.contactList(list.id)}>{list.name}</InlineLink>
            ) : (
              "a list"
            )}
            . <Following capture={capture} isActive={account.active} />
          </Text>
          <Text size="sm" c="dimmed">
            {counted(messages, "message")} read, {counted(captured, "new contact")}.{" "}
            {skippedText(capture.skipped)}
          </Text>
          <Text size="sm" c="dimmed">
            {optionsText(capture)}
          </Text>
          {isTold && <Text size="sm">What to do about it is at the top of this page.</Text>}
          {failureId && !isTold && (
            <RemedyPanel
              remedy={remedyOf(failureId, provider, inboxNames(account, provider))}
              at={capture.failedAt}
            />
          )}
        </Stack>
      </Paper>
    </Section>
  );
}

function Following({ capture, isActive }: { capture: CaptureRow; isActive: boolean }) {
  if (!isActive) return "Postkey doesn't follow the inbox of an inactive account.";
  if (capture.failureId)
    return "Postkey can't follow the inbox right now. It retries automatically.";
  if (!capture.followingSince) return "Postkey will start following the inbox in a moment.";
  return (
    <>
      Postkey started following the inbox <RelativeTime at={capture.followingSince} />.
    </>
  );
}

function skippedText(skipped: Skipped): string {
  const reasons = Object.entries(SKIP_LABELS).flatMap(([reason, label]) => {
    const number = skipped[reason as keyof Skipped] ?? 0;
    return number > 0 ? [{ number, label }] : [];
  });
  if (reasons.length === 0) return "";
  const sorted = reasons.sort((a, b) => b.number - a.number);
  const named = sorted.map(({ number, label }) => `${number.toLocaleString("en")} ${label}`);
  return `Left out: ${named.join(", ")}.`;
}

function optionsText({ captureReplyTo, captureAutomatic }: CaptureRow): string {
  const whose = captureReplyTo ? "Saves the Reply-To address if there is one" : "Saves the sender";
  return `${whose}; automatic senders are ${captureAutomatic ? "saved too" : "left out"}.`;
}
