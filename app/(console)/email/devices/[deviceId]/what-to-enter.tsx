import { Anchor, Paper, Stack, Text } from "@mantine/core";
import { ScriptTabs } from "@/app/(console)/help/setup/guide";
import { Fold } from "@/components/fold";
import type { DeviceRow, GatewayDescription } from "@/lib/devices/schema";
import { PortFields, ServerFields } from "../connection-fields";
import { AUTHORITY, instructionsFor } from "./instructions";
import classes from "./what-to-enter.module.css";

type WhatToEnterProps = { device: DeviceRow; gateway: GatewayDescription };

export function WhatToEnter({ device, gateway }: WhatToEnterProps) {
  const { hasOwnAuthority } = gateway;
  const instructions = instructionsFor(device, gateway);
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="md">
        <ServerFields gateway={gateway} userName={device.emailAddress} />
        <Text>
          Password: the one that begins with <strong>{device.prefix}</strong>. It was shown when it
          was created. If you don't have it, create a new one in the menu. It starts with the same
          six characters.
        </Text>
        <PortFields gateway={gateway} protocols={device.protocols} />
        {device.protocols.includes("smtp") && (
          <Text>
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
          <Text>
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
