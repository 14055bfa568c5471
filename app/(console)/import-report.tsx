import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { AddressText } from "@/components/address-text";
import { Badge } from "@/components/badge";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import {
  IMPORT_OUTCOMES,
  type ImportedLine,
  type ImportOutcome,
} from "@/lib/kernel/imports/schema";
import { csvLine } from "@/lib/kernel/text/write-csv";
import { download } from "./download";

const LABELS: Readonly<Record<ImportOutcome, string>> = {
  new: "New",
  existing: "Already there",
  repeated: "Repeated",
  refused: "Refused",
};
const TINTS = { new: "teal", existing: "gray", repeated: "gray", refused: "red" } as const;

const SHOWN = 200;

export type ReportColumns<R> = readonly {
  label: string;
  of: (row: R) => string;
  isAddress?: boolean;
}[];

type ImportReportViewProps<R extends ImportedLine> = {
  report: { counts: Readonly<Record<ImportOutcome, number>>; rows: R[] };
  columns: ReportColumns<R>;
};

export function ImportReportView<R extends ImportedLine>(props: ImportReportViewProps<R>) {
  const { report, columns } = props;
  const [only, setOnly] = useState<ImportOutcome | null>(null);
  const { rows, counts } = report;
  const chosen = only ? rows.filter(({ outcome }) => outcome === only) : byNeed(rows);
  const shown = chosen.slice(0, SHOWN);
  return (
    <div>
      <Group mb="sm" gap="sm">
        {IMPORT_OUTCOMES.map((outcome) => (
          <Button
            key={outcome}
            size="compact-sm"
            variant={only === outcome ? "filled" : "default"}
            aria-pressed={only === outcome}
            onClick={() => setOnly(only === outcome ? null : outcome)}
          >
            {LABELS[outcome]}: {counts[outcome].toLocaleString("en")}
          </Button>
        ))}
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconDownload size={16} />}
          onClick={() => downloadReport(rows, columns)}
        >
          Report as CSV
        </Button>
      </Group>
      <LineTable rows={shown} columns={columns} />
      {chosen.length > shown.length && (
        <Text size="sm" c="dimmed" mt="sm">
          Showing the first {SHOWN} of {chosen.length.toLocaleString("en")} lines. The CSV report
          has all of them.
        </Text>
      )}
    </div>
  );
}

type LineTableProps<R extends ImportedLine> = {
  rows: R[];
  columns: ReportColumns<R>;
};

function LineTable<R extends ImportedLine>({ rows, columns }: LineTableProps<R>) {
  return (
    <Table columns={[...columns.map(({ label }) => label), "Line", "Outcome"]}>
      {rows.map((row) => (
        <tr key={row.line}>
          {columns.map(({ label, of, isAddress }, at) => (
            <td
              key={label}
              {...(at > 0 && { "data-label": label })}
              className={isAddress ? classes.address : undefined}
            >
              {of(row) ? (
                <AddressText address={of(row)} />
              ) : (
                <span className={classes.dimmed}>None</span>
              )}
            </td>
          ))}
          <td data-label="Line" className={classes.fit}>
            {row.line}
          </td>
          <td data-label="Outcome">
            <Badge tint={TINTS[row.outcome]}>{LABELS[row.outcome]}</Badge>
            {row.reason && <span className={classes.second}>{row.reason}</span>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function byNeed<R extends ImportedLine>(rows: R[]): R[] {
  return (["refused", "repeated", "existing", "new"] as const).flatMap((wanted) =>
    rows.filter(({ outcome }) => outcome === wanted),
  );
}

function downloadReport<R extends ImportedLine>(rows: R[], columns: ReportColumns<R>): void {
  const names = columns.map(({ label }) => label.toLowerCase());
  const lines = rows.map((row) =>
    csvLine([String(row.line), row.outcome, ...columns.map(({ of }) => of(row)), row.reason]),
  );
  const header = csvLine(["line", "outcome", ...names, "reason"]);
  download("postkey-import-report.csv", [header, ...lines]);
}
