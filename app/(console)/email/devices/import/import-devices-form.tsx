"use client";

import { Alert, Button, Code, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { download } from "@/app/(console)/download";
import { ImportColumns, ImportForm } from "@/app/(console)/import-form";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import { showOnce } from "@/components/shown-once";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import {
  DEVICE_COLUMNS,
  DEVICE_IMPORT_MAX_BYTES,
  DEVICE_IMPORT_MAX_ROWS,
  type DeviceImportRow,
  deviceImportReportSchema,
} from "@/lib/devices/import/schema";
import { type GatewayDescription, listenersFor } from "@/lib/devices/schema";
import { PROTOCOLS, type Protocol } from "@/lib/egress/protocols/schema";
import { fileLimits } from "@/lib/kernel/imports/schema";
import { counted } from "@/lib/kernel/text/schema";
import { csvLine } from "@/lib/kernel/text/write-csv";
import { ENCRYPTION } from "../connection-fields";

const DEVICES = { path: "/api/devices/import", schema: deviceImportReportSchema };
const COLUMNS = [
  { label: "Name", of: ({ name }: DeviceImportRow) => name },
  { label: "Account", of: ({ account }: DeviceImportRow) => account, isAddress: true },
];
const TEMPLATE = {
  name: "postkey-devices.csv",
  lines: [
    DEVICE_COLUMNS,
    [
      "Scanner, 2nd floor",
      "SUP",
      "smtp",
      "scanner@contoso.com",
      "no",
      "10.0.0.0/8",
      "10",
      "2030-12-31",
    ],
  ],
};

export function ImportDevicesForm({ gateway }: { gateway: GatewayDescription }) {
  return (
    <ImportForm
      of={{
        ...DEVICES,
        onImported: ({ counts, rows }) => {
          if (counts.new === 0) return;
          const title = createdText(counts.new);
          showOnce(<PasswordFile title={title} rows={rows} gateway={gateway} />);
        },
      }}
      limits={fileLimits(DEVICE_IMPORT_MAX_ROWS, DEVICE_IMPORT_MAX_BYTES)}
      template={TEMPLATE}
      columns={COLUMNS}
      done="created"
      submitLabel={(count) => `Create ${counted(count, "device")}`}
      // Its passwords are shown once.
      isOnce
      result={({ counts }) => (
        <Alert color="green" maw={720} title={`${createdText(counts.new)}.`}>
          <LinkButton href={routes.devices} size="compact-sm" variant="default">
            Show the devices
          </LinkButton>
        </Alert>
      )}
    >
      <ImportColumns needed={DEVICE_COLUMNS.slice(0, 2)} optional={DEVICE_COLUMNS.slice(2)}>
        The account is named by its key or its address. Separate several values in one cell with
        spaces. Without protocols, a device can send only. With <Code>yes</Code> under{" "}
        <Code>rewriteFrom</Code>, From becomes the account's address.
      </ImportColumns>
    </ImportForm>
  );
}

function createdText(count: number): string {
  return `${counted(count, "device was", "devices were")} created`;
}

type PasswordFileProps = { title: string; rows: DeviceImportRow[]; gateway: GatewayDescription };

function PasswordFile({ title, rows, gateway }: PasswordFileProps) {
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
      <Text>
        Download the passwords now. They are not shown again. Delete the file once the devices have
        them.
      </Text>
    </ShownOnceDialog>
  );
}

function linesOf(rows: DeviceImportRow[], gateway: GatewayDescription): string[] {
  const served = PROTOCOLS.filter((protocol) => listenersFor(gateway, protocol).length > 0);
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

function portOf(gateway: GatewayDescription, protocol: Protocol): string[] {
  const [best] = listenersFor(gateway, protocol);
  return best ? [`${best.port}`, ENCRYPTION[best.tls]] : [];
}
