import { Alert } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";

/** Above every page while the encryption key is missing or wrong. */
export function ConsoleLocked({ reason }: { reason: string }) {
  return (
    <Alert color="red" radius={0} icon={<IconLock size={18} />} role="alert">
      <strong>Postkey is read-only until its encryption key is restored.</strong> Tokens are not
      renewed, and programs are refused. {reason}
    </Alert>
  );
}
