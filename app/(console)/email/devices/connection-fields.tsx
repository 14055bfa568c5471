import { Alert, Code, SimpleGrid } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { type DeviceRow, type GatewayDescription, PROTOCOL_LABELS } from "@/lib/devices/schema";

export const ENCRYPTION = { implicit: "SSL/TLS", starttls: "STARTTLS" } as const;

type ServerFieldsProps = { gateway: GatewayDescription; userName: string };

export function ServerFields({ gateway, userName }: ServerFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <CopyField label="Server" value={gateway.host} />
      <CopyField label="User name" value={userName} />
    </SimpleGrid>
  );
}

type PortFieldsProps = { gateway: GatewayDescription; protocols: DeviceRow["protocols"] };

export function PortFields({ gateway, protocols }: PortFieldsProps) {
  const usable = gateway.listeners.filter(({ protocol }) => protocols.includes(protocol));
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {usable.map((listener) => (
        <CopyField
          key={`${listener.protocol} ${listener.port}`}
          label={`Port with ${ENCRYPTION[listener.tls]}: ${PROTOCOL_LABELS[listener.protocol]}`}
          description={encryptionText(listener)}
          value={`${listener.port}`}
        />
      ))}
    </SimpleGrid>
  );
}

function encryptionText({
  tls,
  oldTls,
  plaintext,
}: GatewayDescription["listeners"][number]): string {
  const encryption = `Encryption: ${ENCRYPTION[tls]}`;
  const without = plaintext ? `, or none from ${plaintext.join(", ")}` : "";
  if (!oldTls) return encryption + without;
  return `${encryption}, from TLS 1.0${without}. Insecure: only for old devices in ${oldTls.join(", ")}`;
}

export function NoListeners({ gateway }: { gateway: GatewayDescription }) {
  if (gateway.listeners.length > 0) return null;
  return (
    <Alert color="yellow" title="Devices can't connect yet" mb="md">
      The gateway does not listen for devices. Set <Code>POSTKEY_DEVICE_LISTENERS</Code>, for
      example to <Code>smtps://0.0.0.0:465,imaps://0.0.0.0:993</Code>, and restart Postkey.
    </Alert>
  );
}
