import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

/** Above every page while nobody keeps the tokens alive. */
export function KeeperMissing() {
  return (
    <Alert color="red" radius={0} icon={<IconAlertTriangle size={18} />} role="status">
      The keeper is not running: tokens are renewed only when somebody asks for them. It is started
      with Postkey and restarted when it ends; look at the log if this stays.
    </Alert>
  );
}
