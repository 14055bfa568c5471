import { Alert, Code } from "@mantine/core";
import type { GatewayDescription } from "@/lib/devices/schema";

export function NoListeners({ gateway }: { gateway: GatewayDescription }) {
  if (gateway.listeners.length > 0) return null;
  return (
    <Alert color="yellow" title="Devices can't connect yet" mb="md">
      The gateway does not listen for devices. Set <Code>POSTKEY_DEVICE_LISTENERS</Code>, for
      example to <Code>smtps://0.0.0.0:465,imaps://0.0.0.0:993</Code>, and restart Postkey.
    </Alert>
  );
}
