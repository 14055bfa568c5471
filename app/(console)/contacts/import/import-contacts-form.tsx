"use client";

import { Alert } from "@mantine/core";
import { useState } from "react";
import { ImportForm } from "@/app/(console)/import-form";
import { ChoiceInput } from "@/components/choice-input";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import { IMPORT_MAX_ROWS, type ImportRow, importReportSchema } from "@/lib/contacts/import/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { fileLimits, IMPORT_MAX_BYTES } from "@/lib/kernel/imports/schema";
import { counted } from "@/lib/kernel/text/schema";
import { findLists, useContactLists } from "../contact-lists";

export function ImportContactsForm({ list: initial }: { list: Choice }) {
  const lists = useContactLists();
  const [list, setList] = useState(initial);
  return (
    <ImportForm
      of={{
        path: "/api/contacts/import",
        schema: importReportSchema,
        query: { contactListId: list.id },
      }}
      limits={fileLimits(IMPORT_MAX_ROWS, IMPORT_MAX_BYTES)}
      template={{
        name: "postkey-contacts.csv",
        lines: [
          ["email", "name"],
          ["zoe@example.com", "Zoë Example"],
        ],
      }}
      columns={[
        { label: "Email", of: ({ email }: ImportRow) => email, isAddress: true },
        { label: "Name", of: ({ name }: ImportRow) => name },
      ]}
      done="imported"
      submitLabel={(count) => `Import ${count.toLocaleString("en")} into ${list.name}`}
      result={({ counts }) => (
        <Alert
          color="green"
          maw={720}
          title={`${counted(counts.new, "contact was", "contacts were")} imported into ${list.name}.`}
        >
          <LinkButton href={routes.contactList(list.id)} size="compact-sm">
            Show the list
          </LinkButton>
        </Alert>
      )}
    >
      <ChoiceInput
        label="List"
        first={lists}
        find={findLists}
        value={list}
        onChange={(chosen) => {
          if (chosen) setList(chosen);
        }}
      />
    </ImportForm>
  );
}
