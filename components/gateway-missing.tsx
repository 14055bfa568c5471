import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

export function GatewayMissing() {
  return (
    <Alert color="red" radius={0} icon={<IconAlertTriangle size={18} />} role="status">
      No gateway is running, so devices can neither send nor read mail. Postkey starts it where
      POSTKEY_API_PORT and POSTKEY_DEVICE_LISTENERS are set, and restarts it when it stops. If this
      message stays, check the log.
    </Alert>
  );
}
