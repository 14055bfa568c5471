import { Anchor, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { ScriptTabs } from "@/app/(console)/help/setup/script-tabs";
import { CopyField } from "@/components/copy-field";
import { Fold } from "@/components/fold";
import {
  type DeviceRow,
  type GatewayDescription,
  PROTOCOL_LABELS,
} from "@/lib/access/devices/schema";
import { AUTHORITY, instructionsFor } from "./instructions";
import classes from "./what-to-enter.module.css";

type WhatToEnterProps = { device: DeviceRow; gateway: GatewayDescription };

const ENCRYPTION = { implicit: "SSL/TLS", starttls: "STARTTLS" } as const;

/** The values for the fields of a device, as its own pages call them. */
export function WhatToEnter({ device, gateway }: WhatToEnterProps) {
  const { host, listeners, hasOwnAuthority } = gateway;
  const usable = listeners.filter(({ protocol }) => device.protocols.includes(protocol));
  const instructions = instructionsFor(device, gateway);
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <CopyField label="Server" value={host} />
          <CopyField label="User name" value={device.emailAddress} />
        </SimpleGrid>
        <Text size="sm">
          Password: the one that begins with <strong>{device.prefix}</strong>. It was shown when it
          was created. If you don't have it, create a new one in the menu.
        </Text>
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
        {device.protocols.includes("smtp") && (
          <Text size="sm">
            Sender:{" "}
            {(device.senders.length > 0 ? device.senders : [device.emailAddress]).join(", ")}
          </Text>
        )}
        {instructions.length > 0 && (
          <Fold
            className={classes.fold}
            summary="How to enter it in a printer, a program or a script"
          >
            <ScriptTabs scripts={instructions} />
          </Fold>
        )}
        {hasOwnAuthority && (
          <Text size="sm">
            If the device checks certificates,{" "}
            <Anchor href="/api/deviceAuthority" download inherit underline="always">
              download the certificate
            </Anchor>{" "}
            of Postkey's local authority and install it there.
            {instructions.length > 0 && ` The scripts above expect it in ${AUTHORITY}.`}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
