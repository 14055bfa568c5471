"use client";

import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { Badge } from "@/components/badge";
import classes from "@/components/table.module.css";
import {
  IMPORT_OUTCOMES,
  type ImportOutcome,
  type ImportReport,
  type ImportRow,
} from "@/lib/contacts/import/schema";
import { csvLine } from "@/lib/kernel/text/csv";

const LABELS: Readonly<Record<ImportOutcome, string>> = {
  new: "New",
  existing: "Already there",
  refused: "Refused",
};
const TINTS = { new: "teal", existing: "gray", refused: "red" } as const;

/** More than anybody reads; the file has them all. */
const SHOWN = 200;

/** What came of each line; those that need a look come first. */
export function ImportReportView({ report }: { report: ImportReport }) {
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
          onClick={() => downloadReport(rows)}
        >
          Report as CSV
        </Button>
      </Group>
      <LineTable rows={shown} />
      {chosen.length > shown.length && (
        <Text size="sm" c="dimmed" mt="sm">
          Showing the first {SHOWN} of {chosen.length.toLocaleString("en")} lines. The CSV report
          has all of them.
        </Text>
      )}
    </div>
  );
}

function LineTable({ rows }: { rows: ImportRow[] }) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>Address</th>
            <th>Name</th>
            <th>Line</th>
            <th>Outcome</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, outcome, email, name, reason }) => (
            <tr key={line}>
              <td>{email || <span className={classes.dimmed}>None</span>}</td>
              <td data-label="Name">{name || "–"}</td>
              <td data-label="Line" className={classes.fit}>
                {line}
              </td>
              <td data-label="Outcome">
                <Badge tint={TINTS[outcome]}>{LABELS[outcome]}</Badge>
                {reason && <span className={classes.second}>{reason}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function byNeed(rows: ImportRow[]): ImportRow[] {
  return (["refused", "existing", "new"] as const).flatMap((wanted) =>
    rows.filter(({ outcome }) => outcome === wanted),
  );
}

function downloadReport(rows: ImportRow[]): void {
  const lines = rows.map(({ line, outcome, email, name, reason }) =>
    csvLine([String(line), outcome, email, name, reason]),
  );
  const header = csvLine(["line", "outcome", "email", "name", "reason"]);
  const url = URL.createObjectURL(new Blob([header, ...lines], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "postkey-import-report.csv";
  link.click();
  URL.revokeObjectURL(url);
}
