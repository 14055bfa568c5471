"use client";

import { Anchor, Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { FormProblem } from "@/components/form-problem";
import type { ImportedLine, ImportOutcome } from "@/lib/kernel/imports/schema";
import { csvLine } from "@/lib/kernel/text/csv";
import { download } from "./download";
import { ImportReportView, type ReportColumns } from "./import-report";
import { type ImportOf, useImport } from "./use-import";

type Report<L extends ImportedLine> = {
  isDryRun: boolean;
  encoding: string;
  counts: Readonly<Record<ImportOutcome, number>>;
  rows: L[];
};

type ImportFormProps<L extends ImportedLine, R extends Report<L>> = {
  of: ImportOf<R>;
  limits: string;
  template: { name: string; lines: readonly (readonly string[])[] };
  columns: ReportColumns<L>;
  children: ReactNode;
  submitLabel: (count: number) => string;
  done: string;
  /** What was made is shown once: no second file. */
  isOnce?: boolean;
  result: (report: R) => ReactNode;
};

/** Nothing is written before the last step. */
export function ImportForm<L extends ImportedLine, R extends Report<L>>(
  props: ImportFormProps<L, R>,
) {
  const { of, columns, children, result, done } = props;
  const [file, setFile] = useState<File | null>(null);
  const { report, problem, isBusy, send, forget } = useImport(of);
  const choose = (chosen: File | null) => {
    setFile(chosen);
    forget();
  };
  const isEnded = Boolean(props.isOnce && report && !report.isDryRun);
  return (
    <Stack gap="lg">
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md" maw={720}>
        <Stack>
          <FormProblem problem={problem} />
          {children}
          <FileField {...props} isDisabled={isEnded} onChoose={choose} />
          {!isEnded && (
            <Buttons
              submitLabel={props.submitLabel}
              file={file}
              report={report}
              isBusy={isBusy}
              onSend={send}
            />
          )}
        </Stack>
      </Paper>
      <div role="status">
        {report && !report.isDryRun && report.counts.new > 0 && result(report)}
        {report?.isDryRun && (
          <Text size="sm">
            Nothing has been {done} yet. Preview (read as {report.encoding}):
          </Text>
        )}
      </div>
      {report && <ImportReportView report={report} columns={columns} />}
    </Stack>
  );
}

type FileFieldProps = Pick<ImportFormProps<ImportedLine, never>, "limits" | "template"> & {
  isDisabled: boolean;
  onChoose: (file: File | null) => void;
};

function FileField({ limits, template, isDisabled, onChoose }: FileFieldProps) {
  const save = () => download(template.name, template.lines.map(csvLine));
  return (
    <div>
      <TextInput
        type="file"
        label="File"
        description={limits}
        accept=".csv,.txt,.tsv,text/csv"
        disabled={isDisabled}
        onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
      />
      <Anchor component="button" type="button" size="sm" mt={6} onClick={save}>
        Download a template
      </Anchor>
    </div>
  );
}

type ButtonsProps = {
  submitLabel: (count: number) => string;
  file: File | null;
  report: Report<ImportedLine> | null;
  isBusy: boolean;
  onSend: (file: File, isDryRun: boolean) => void;
};

function Buttons({ submitLabel, file, report, isBusy, onSend }: ButtonsProps) {
  return (
    <Group justify="flex-end">
      <Button
        variant={report ? "default" : "filled"}
        disabled={!file}
        loading={isBusy && !report}
        onClick={() => file && onSend(file, true)}
      >
        Check the file
      </Button>
      {report?.isDryRun && (
        <Button
          leftSection={<IconUpload size={16} />}
          disabled={!file || report.counts.new === 0}
          loading={isBusy}
          onClick={() => file && onSend(file, false)}
        >
          {submitLabel(report.counts.new)}
        </Button>
      )}
    </Group>
  );
}
