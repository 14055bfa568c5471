import { Text } from "@mantine/core";
import { RelativeTime } from "./relative-time";

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** When a secret expires: grey while it is far, orange within a month, red when it is over. */
export function ExpiryText({ at }: { at: Date | null }) {
  if (!at)
    return (
      <Text size="sm" c="dimmed">
        Unknown
      </Text>
    );
  const days = (at.getTime() - Date.now()) / DAY_MS;
  if (days < 0)
    return (
      <Text size="sm" c="var(--mantine-color-error)" fw={600}>
        Expired <RelativeTime at={at} />
      </Text>
    );
  return (
    <Text
      size="sm"
      {...(days < SOON_DAYS && { c: "var(--mantine-color-orange-light-color)", fw: 600 })}
    >
      <RelativeTime at={at} />
    </Text>
  );
}
