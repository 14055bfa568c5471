import { Alert } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";

/** Above every page while the encryption key is missing or wrong. */
export function ConsoleLocked({ reason }: { reason: string }) {
  return (
    <Alert color="red" radius={0} icon={<IconLock size={18} />} role="alert">
      <strong>Postkey is locked: you can look at everything and change nothing.</strong> Tokens are
      not renewed, and programs are refused. {reason}
    </Alert>
  );
}
