import { Alert } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { RelativeTime } from "@/components/relative-time";

/** That the platform asked for no requests for a while (Retry-After), and what that means. */
export function PlatformPause({ until }: { until: Date }) {
  return (
    <Alert
      color="yellow"
      icon={<IconHourglass size={18} />}
      title="The identity platform asked Postkey to wait"
      role="status"
    >
      Postkey asks for tokens again <RelativeTime at={until} />. Tokens that still work are handed
      out meanwhile. Renew now, or a sign-in that succeeds, ends the wait for everyone.
    </Alert>
  );
}
