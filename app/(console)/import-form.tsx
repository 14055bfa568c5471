import { Anchor, Button, Code, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type ReactNode, useState, useTransition } from "react";
import type { z } from "zod";
import { Fold } from "@/components/fold";
import { FormProblem } from "@/components/form-problem";
import { withProof } from "@/components/proof";
import type { ActionError } from "@/lib/http/schema";
import type { ImportedLine, ImportOutcome } from "@/lib/kernel/imports/schema";
import { csvLine } from "@/lib/kernel/text/write-csv";
import { download } from "./download";
import { ImportReportView, type ReportColumns } from "./import-report";
import { postFile } from "./post-file";

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
          {report ? <Fold summary="Columns and defaults">{children}</Fold> : children}
          <FileField {...props} isDisabled={isEnded} onChoose={choose} />
          {!isEnded && (
            <Group justify="flex-end">
              <Button
                variant={report ? "default" : "filled"}
                disabled={!file}
                loading={isBusy && !report}
                onClick={() => file && send(file, true)}
              >
                Check the file
              </Button>
              {report?.isDryRun && (
                <Button
                  leftSection={<IconUpload size={16} />}
                  disabled={!file || report.counts.new === 0}
                  loading={isBusy}
                  onClick={() => file && send(file, false)}
                >
                  {props.submitLabel(report.counts.new)}
                </Button>
              )}
            </Group>
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

type ImportOf<R> = {
  path: string;
  schema: z.ZodType<R>;
  query?: Readonly<Record<string, string | undefined>>;
  onImported?: (report: R) => void;
};

/** With anything else, the report no longer applies. */
type Answer<R> = { of: string; report: R | null; problem: ActionError | null };

function useImport<R>({ path, schema, query = {}, onImported }: ImportOf<R>) {
  const [answer, setAnswer] = useState<Answer<R> | null>(null);
  const [isBusy, start] = useTransition();
  const of = String(new URLSearchParams(withoutEmpty(query)));
  const isCurrent = answer?.of === of;

  const send = (file: File, isDryRun: boolean) =>
    start(async () => {
      if (isCurrent) setAnswer({ ...answer, problem: null });
      const search = new URLSearchParams(of);
      search.set("dryRun", String(isDryRun));
      const result = await withProof(() => postFile(`${path}?${search}`, file, schema));
      const before = isCurrent ? answer.report : null;
      if (!result.ok) return setAnswer({ of, report: before, problem: result.error });
      setAnswer({ of, report: result.data, problem: null });
      if (!isDryRun) onImported?.(result.data);
    });
  return {
    report: isCurrent ? answer.report : null,
    problem: isCurrent ? answer.problem : null,
    isBusy,
    send,
    forget: () => setAnswer(null),
  };
}

function withoutEmpty(query: Readonly<Record<string, string | undefined>>): [string, string][] {
  return Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
}

type ImportColumnsProps = {
  needed: readonly string[];
  optional: readonly string[];
  children?: ReactNode;
};

export function ImportColumns({ needed, optional, children }: ImportColumnsProps) {
  return (
    <Text size="sm">
      The first line names the columns: <Names names={needed} last=" and " />
      {optional.length > 0 && (
        <>
          , and optionally <Names names={optional} last=", " />
        </>
      )}
      . {children}
    </Text>
  );
}

function Names({ names, last }: { names: readonly string[]; last: string }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && (index === names.length - 1 ? last : ", ")}
      <Code>{name}</Code>
    </span>
  ));
}
