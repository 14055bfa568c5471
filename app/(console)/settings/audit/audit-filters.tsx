"use client";

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { searchAuditActorsAction } from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import { FilterFold } from "@/components/filter-fold";
import { useFilter } from "@/components/use-filter";
import {
  AUDIT_RESULT_LABELS,
  AUDIT_RESULTS,
  type AuditChoices,
  type AuditFilter,
} from "@/lib/audit/trail/schema";
import { actionInWords, capital, inWords } from "@/lib/audit/trail/verbs";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import classes from "./audit-filters.module.css";

type AuditFiltersProps = {
  choices: AuditChoices;
  actors: Choices;
  actor: Choice | null;
  filter: AuditFilter;
};

export function AuditFilters({ choices, actors, actor, filter }: AuditFiltersProps) {
  const { set, clear, isBusy } = useFilter();
  const count = Object.entries(filter).filter(([name, value]) => value && name !== "search").length;
  const all = { value: "", label: "All" };
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
        <NativeSelect
          label="Action"
          value={filter.action ?? ""}
          onChange={(event) => set("action", event.currentTarget.value)}
          data={[all, ...choices.actions.map((value) => ({ value, label: actionInWords(value) }))]}
        />
        <NativeSelect
          label="Object"
          value={filter.kind ?? ""}
          onChange={(event) => set("kind", event.currentTarget.value)}
          data={[all, ...choices.kinds.map((value) => ({ value, label: capital(inWords(value)) }))]}
        />
        <NativeSelect
          label="Result"
          value={filter.result ?? ""}
          onChange={(event) => set("result", event.currentTarget.value)}
          data={[
            all,
            ...AUDIT_RESULTS.map((value) => ({ value, label: AUDIT_RESULT_LABELS[value] })),
          ]}
        />
        <TextInput
          type="date"
          label="From (UTC)"
          defaultValue={filter.from ?? ""}
          onChange={(event) => set("from", event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label="To (UTC)"
          defaultValue={filter.to ?? ""}
          onChange={(event) => set("to", event.currentTarget.value)}
        />
        {(count > 0 || filter.search !== "") && (
          <Button variant="subtle" onClick={clear}>
            Show all
          </Button>
        )}
      </FilterFold>
    </div>
  );
}
