"use client";

import { Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { download } from "@/app/(console)/download";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import type { DeviceImportRow } from "@/lib/devices/import/schema";
import type { GatewayDescription } from "@/lib/devices/schema";
import { PROTOCOLS } from "@/lib/egress/schema";
import { csvLine } from "@/lib/kernel/text/csv";
import { portOf } from "../[deviceId]/instructions";

type PasswordFileProps = { title: string; rows: DeviceImportRow[]; gateway: GatewayDescription };

export function PasswordFile({ title, rows, gateway }: PasswordFileProps) {
  const [isSaved, setSaved] = useState(false);
  const save = () => {
    download("postkey-device-passwords.csv", linesOf(rows, gateway));
    setSaved(true);
  };
  return (
    <ShownOnceDialog
      title={title}
      isHeld={!isSaved}
      buttons={
        <Button
          variant={isSaved ? "default" : "filled"}
          leftSection={<IconDownload size={16} />}
          onClick={save}
        >
          Download the passwords
        </Button>
      }
    >
      <Text size="sm">
        Download the passwords now. They are not shown again. Delete the file once the devices have
        them.
      </Text>
    </ShownOnceDialog>
  );
}

function linesOf(rows: DeviceImportRow[], gateway: GatewayDescription): string[] {
  const served = PROTOCOLS.filter((protocol) => portOf(gateway, protocol)[0] !== "");
  const ports = served.flatMap((protocol) => portOf(gateway, protocol));
  const created = rows.flatMap(({ name, account, password }) =>
    password === null ? [] : [csvLine([name, gateway.host, account, password, ...ports])],
  );
  const named = served.flatMap((protocol) => {
    const label = protocol.toUpperCase();
    return [`${label} port`, `${label} encryption`];
  });
  return [csvLine(["name", "server", "user name", "password", ...named]), ...created];
}
