"use client";

import { Alert, Code } from "@mantine/core";
import { ImportColumns } from "@/app/(console)/import-columns";
import { ImportForm } from "@/app/(console)/import-form";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import { showOnce } from "@/components/shown-once-store";
import {
  DEVICE_COLUMNS,
  DEVICE_IMPORT_MAX_BYTES,
  DEVICE_IMPORT_MAX_ROWS,
  type DeviceImportRow,
  deviceImportReportSchema,
} from "@/lib/devices/import/schema";
import type { GatewayDescription } from "@/lib/devices/schema";
import { fileLimits } from "@/lib/kernel/imports/schema";
import { counted } from "@/lib/kernel/text/schema";
import { PasswordFile } from "./password-file";

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
