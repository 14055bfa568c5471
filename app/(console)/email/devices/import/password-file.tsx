"use client";

import { Button, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { download } from "@/app/(console)/download";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import type { DeviceImportRow } from "@/lib/access/devices/import/schema";
import type { GatewayDescription } from "@/lib/access/devices/schema";
import { csvLine } from "@/lib/kernel/text/csv";

type PasswordFileProps = { rows: DeviceImportRow[]; gateway: GatewayDescription };

/** The only time that the passwords can be had; the browser asks before it leaves without them. */
export function PasswordFile({ rows, gateway }: PasswordFileProps) {
  const [isSaved, setSaved] = useState(false);
  useEffect(() => {
    if (isSaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isSaved]);
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">
        Download the passwords now. They are not shown again. Delete the file once the devices have
        them.
      </Text>
      <Button
        size="compact-sm"
        leftSection={<IconDownload size={16} />}
        onClick={() => {
          download("postkey-device-passwords.csv", linesOf(rows, gateway));
          setSaved(true);
        }}
      >
        Download the passwords
      </Button>
      {isSaved && (
        <LinkButton href={routes.devices} size="compact-sm" variant="default">
          Show the devices
        </LinkButton>
      )}
    </Stack>
  );
}

function linesOf(rows: DeviceImportRow[], { host }: GatewayDescription): string[] {
  const created = rows.flatMap(({ name, account, password }) =>
    password === null ? [] : [csvLine([name, host, account, password])],
  );
  return [csvLine(["name", "server", "user name", "password"]), ...created];
}
