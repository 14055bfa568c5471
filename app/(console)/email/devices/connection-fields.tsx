import { SimpleGrid } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import {
  type DeviceRow,
  type GatewayDescription,
  PROTOCOL_LABELS,
} from "@/lib/access/devices/schema";

const ENCRYPTION = { implicit: "SSL/TLS", starttls: "STARTTLS" } as const;

type ServerFieldsProps = { gateway: GatewayDescription; userName: string };

/** Where a device connects, and as whom. */
export function ServerFields({ gateway, userName }: ServerFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <CopyField label="Server" value={gateway.host} />
      <CopyField label="User name" value={userName} />
    </SimpleGrid>
  );
}

type PortFieldsProps = { gateway: GatewayDescription; protocols: DeviceRow["protocols"] };

/** The ports for what the device does, each with its encryption. */
export function PortFields({ gateway, protocols }: PortFieldsProps) {
  const usable = gateway.listeners.filter(({ protocol }) => protocols.includes(protocol));
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {usable.map(({ protocol, tls, port, oldTls }) => (
        <CopyField
          key={`${protocol} ${port}`}
          label={`Port with ${ENCRYPTION[tls]}: ${PROTOCOL_LABELS[protocol]}`}
          description={
            oldTls
              ? `Encryption: ${ENCRYPTION[tls]}, from TLS 1.0. Insecure: only for old devices in ${oldTls.join(", ")}`
              : `Encryption: ${ENCRYPTION[tls]}`
          }
          value={`${port}`}
        />
      ))}
    </SimpleGrid>
  );
}
