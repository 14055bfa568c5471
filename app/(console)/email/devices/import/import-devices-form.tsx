"use client";

import { Alert, Button, Code, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { ImportReportView } from "@/app/(console)/import-report";
import { useImport } from "@/app/(console)/use-import";
import { FormProblem } from "@/components/form-problem";
import {
  DEVICE_COLUMNS,
  DEVICE_IMPORT_MAX_BYTES,
  DEVICE_IMPORT_MAX_ROWS,
  type DeviceImportReport,
  type DeviceImportRow,
  deviceImportReportSchema,
} from "@/lib/access/devices/import/schema";
import type { GatewayDescription } from "@/lib/access/devices/schema";
import { PasswordFile } from "./password-file";

const LIMITS = `Up to ${DEVICE_IMPORT_MAX_ROWS} lines and ${DEVICE_IMPORT_MAX_BYTES / 1024} KB. Commas, semicolons or tabs; UTF-8, UTF-16 or Windows ANSI.`;
const DEVICES = { path: "/api/devices/import", schema: deviceImportReportSchema };
const COLUMNS = [
  { label: "Name", of: ({ name }: DeviceImportRow) => name },
  { label: "Account", of: ({ account }: DeviceImportRow) => account },
];

/** Choose, check, look, create: nothing is written before the last of them. */
export function ImportDevicesForm({ gateway }: { gateway: GatewayDescription }) {
  const [file, setFile] = useState<File | null>(null);
  const { report, problem, isBusy, send, forget } = useImport(DEVICES);
  const isImported = report?.isDryRun === false;
  const choose = (chosen: File | null) => {
    setFile(chosen);
    forget();
  };
  return (
    <Stack gap="lg">
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md" maw={720}>
        <Stack>
          <FormProblem problem={problem} />
          <Columns />
          <TextInput
            type="file"
            label="File"
            description={LIMITS}
            accept=".csv,.txt,.tsv,text/csv"
            // The passwords of what was created are on this page alone.
            disabled={isImported}
            onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)}
          />
          {!isImported && (
            <Group justify="flex-end">
              <Button
                variant={report ? "default" : "filled"}
                disabled={!file}
                loading={isBusy && !report}
                onClick={() => file && send({ file }, true)}
              >
                Check the file
              </Button>
              {report && (
                <Button
                  leftSection={<IconUpload size={16} />}
                  disabled={!file || report.counts.new === 0}
                  loading={isBusy}
                  onClick={() => file && send({ file }, false)}
                >
                  {`Create ${countText(report.counts.new)}`}
                </Button>
              )}
            </Group>
          )}
        </Stack>
      </Paper>
      <Outcome report={report} gateway={gateway} />
      {report && <ImportReportView report={report} columns={COLUMNS} />}
    </Stack>
  );
}

function Columns() {
  const [name, account, ...others] = DEVICE_COLUMNS;
  return (
    <Text size="sm">
      The first line names the columns: <Code>{name}</Code> and <Code>{account}</Code> (the key or
      the address of an email account), and optionally{" "}
      {others.map((column, index) => (
        <span key={column}>
          {index > 0 && ", "}
          <Code>{column}</Code>
        </span>
      ))}
      . Separate several values in one cell with spaces. Without protocols, a device can send only.
    </Text>
  );
}

type OutcomeProps = { report: DeviceImportReport | null; gateway: GatewayDescription };

function Outcome({ report, gateway }: OutcomeProps) {
  return (
    <div role="status">
      {report && !report.isDryRun && report.counts.new > 0 && (
        <Alert color="green" maw={720} title={`${createdText(report.counts.new)}.`}>
          <PasswordFile
            title={createdText(report.counts.new)}
            rows={report.rows}
            gateway={gateway}
          />
        </Alert>
      )}
      {report?.isDryRun && (
        <Text size="sm">Nothing has been created yet. Preview (read as {report.encoding}):</Text>
      )}
    </div>
  );
}

function createdText(count: number): string {
  return `${countText(count)} ${count === 1 ? "was" : "were"} created`;
}

function countText(count: number): string {
  return count === 1 ? "1 device" : `${count.toLocaleString("en")} devices`;
}
