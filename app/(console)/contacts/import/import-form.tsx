"use client";

import { Alert, Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { ImportReportView } from "@/app/(console)/import-report";
import { useImport } from "@/app/(console)/use-import";
import { ChoiceInput } from "@/components/choice-input";
import { FormProblem } from "@/components/form-problem";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import {
  IMPORT_MAX_ROWS,
  type ImportReport,
  type ImportRow,
  importReportSchema,
} from "@/lib/contacts/import/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { IMPORT_MAX_BYTES } from "@/lib/kernel/imports/schema";
import { useContactLists } from "../contact-lists";
import { findLists } from "../list-field";

const LIMITS = `Up to ${IMPORT_MAX_ROWS.toLocaleString("en")} lines and ${IMPORT_MAX_BYTES / 1024 ** 2} MB. Commas, semicolons or tabs; UTF-8, UTF-16 or Windows ANSI.`;

const CONTACTS = { path: "/api/contacts/import", schema: importReportSchema };

const COLUMNS = [
  { label: "Email", of: ({ email }: ImportRow) => email },
  { label: "Name", of: ({ name }: ImportRow) => name },
];

/** Choose, check, look, import: nothing is written before the last of them. */
export function ImportForm({ list: initial }: { list: Choice }) {
  const lists = useContactLists();
  const [list, setList] = useState(initial);
  const [file, setFile] = useState<File | null>(null);
  const { report, problem, isBusy, send, forget } = useImport(CONTACTS);
  const isImported = report?.isDryRun === false;
  return (
    <Stack gap="lg">
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md" maw={720}>
        <Stack>
          <FormProblem problem={problem} />
          <ChoiceInput
            label="List"
            first={lists}
            find={findLists}
            value={list}
            onChange={(chosen) => {
              if (chosen) setList(chosen);
              forget();
            }}
          />
          <TextInput
            type="file"
            label="File"
            description={LIMITS}
            accept=".csv,.txt,.tsv,text/csv"
            onChange={(event) => {
              setFile(event.currentTarget.files?.[0] ?? null);
              forget();
            }}
          />
          <Group justify="flex-end">
            <Button
              variant={report ? "default" : "filled"}
              disabled={!file}
              loading={isBusy && !report}
              onClick={() => file && send({ query: { contactListId: list.id }, file }, true)}
            >
              Check the file
            </Button>
            {report && !isImported && (
              <Button
                leftSection={<IconUpload size={16} />}
                disabled={!file || report.counts.new === 0}
                loading={isBusy}
                onClick={() => file && send({ query: { contactListId: list.id }, file }, false)}
              >
                Import {report.counts.new.toLocaleString("en")} into {list.name}
              </Button>
            )}
          </Group>
        </Stack>
      </Paper>
      <Outcome report={report} list={list} />
      {report && <ImportReportView report={report} columns={COLUMNS} />}
    </Stack>
  );
}

function Outcome({ report, list }: { report: ImportReport | null; list: Choice }) {
  return (
    <div role="status">
      {report && !report.isDryRun && (
        <Alert color="green" maw={720} title={`${importedText(report.counts.new)} ${list.name}.`}>
          <LinkButton href={routes.contactList(list.id)} size="compact-sm">
            Show the list
          </LinkButton>
        </Alert>
      )}
      {report?.isDryRun && (
        <Text size="sm">Nothing has been imported yet. Preview (read as {report.encoding}):</Text>
      )}
    </div>
  );
}

function importedText(count: number): string {
  return count === 1
    ? "1 contact was imported into"
    : `${count.toLocaleString("en")} contacts were imported into`;
}
