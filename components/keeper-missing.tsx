import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

export function KeeperMissing() {
  return (
    <Alert color="red" radius={0} icon={<IconAlertTriangle size={18} />} role="status">
      The keeper is not running, so tokens are renewed only when a program asks for one. Postkey
      starts it and restarts it when it stops. If this message stays, check the log.
    </Alert>
  );
}
