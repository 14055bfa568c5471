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
      Postkey requests tokens again <RelativeTime at={until} />. Until then it hands out the tokens
      that still work. Renew now, or a successful sign-in, ends the wait for everyone.
    </Alert>
  );
}
