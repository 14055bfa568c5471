"use client";

import { Button, ButtonGroup, NativeSelect, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import { searchAuditActorsAction } from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import { FilterFold, useFilter } from "@/components/filters";
import { leaveFor, useAction } from "@/components/use-action";
import type { AuditChoices, AuditFilter } from "@/lib/audit/trail/schema";
import { actionInWords, inWords } from "@/lib/audit/trail/verbs";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { capital } from "@/lib/kernel/text/schema";
import { requireProofAction } from "../../proof-actions";
import classes from "./audit-filters.module.css";

const DAYS = [
  ["from", "From (UTC)"],
  ["to", "To (UTC)"],
] as const;

type AuditFiltersProps = {
  choices: AuditChoices & { results: readonly string[] };
  actors: Choices;
  actor: Choice | null;
  filter: AuditFilter;
};

export function AuditFilters({ choices, actors, actor, filter }: AuditFiltersProps) {
  const { set, clear, isBusy } = useFilter();
  const count = Object.entries(filter).filter(([name, value]) => value && name !== "search").length;
  const told = (values: readonly string[], inText: (value: string) => string) =>
    values.map((value) => ({ value, label: inText(value) }));
  const selects = [
    ["action", "Action", told(choices.actions, actionInWords)],
    ["kind", "Object", told(choices.kinds, (kind) => capital(inWords(kind)))],
    ["result", "Result", told(choices.results, capital)],
  ] as const;
  return (
    <div className={classes.bar} aria-busy={isBusy}>
      <FilterFold count={count} className={classes.filters}>
        <ChoiceInput
          label="Who"
          none="All"
          first={actors}
          find={(search) => searchAuditActorsAction({ search })}
          value={actor}
          onChange={(chosen) => set("actor", chosen?.id ?? "")}
        />
        {selects.map(([name, label, options]) => (
          <NativeSelect
            key={name}
            label={label}
            value={filter[name] ?? ""}
            onChange={(event) => set(name, event.currentTarget.value)}
            data={[{ value: "", label: "All" }, ...options]}
          />
        ))}
        {DAYS.map(([name, label]) => (
          <TextInput
            key={name}
            type="date"
            label={label}
            defaultValue={filter[name] ?? ""}
            onChange={(event) => set(name, event.currentTarget.value)}
          />
        ))}
        {(count > 0 || filter.search !== "") && (
          <Button variant="subtle" onClick={clear}>
            Show all
          </Button>
        )}
      </FilterFold>
    </div>
  );
}

export function ExportLinks({ query }: { query: Record<string, string> }) {
  const { run } = useAction();
  const linkTo = (format: string) => {
    const href = `/api/auditEvents?${new URLSearchParams({ ...query, format })}`;
    const download = (event: MouseEvent) => {
      event.preventDefault();
      run(
        () => requireProofAction({}),
        () => leaveFor(href),
      );
    };
    return { href, onClick: download };
  };
  return (
    <ButtonGroup>
      <Button
        component="a"
        {...linkTo("csv")}
        download
        variant="default"
        leftSection={<IconDownload size={16} />}
      >
        CSV
      </Button>
      <Button component="a" {...linkTo("jsonl")} download variant="default">
        JSON lines
      </Button>
    </ButtonGroup>
  );
}
