"use client";

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTransition } from "react";
import { searchAuditActorsAction } from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import { pageAt } from "@/components/routes";
import type { AuditChoices, AuditFilter } from "@/lib/audit/trail/schema";
import { verbOf } from "@/lib/audit/trail/sentences";
import { capital, inWords } from "@/lib/audit/trail/words";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import classes from "./audit-filters.module.css";

type AuditFiltersProps = {
  choices: AuditChoices;
  /** Those who did something, and the one whose events are shown. */
  actors: Choices;
  actor: Choice | null;
  filter: AuditFilter;
};

/** Who, what, about what and when: part of the page's address, so that the view can be shared. */
export function AuditFilters({ choices, actors, actor, filter }: AuditFiltersProps) {
  const router = useRouter();
  const pathname = usePathname();
  const searchParams = useSearchParams();
  const [isLoading, startLoading] = useTransition();
  const go = (query: URLSearchParams) =>
    startLoading(() => router.replace(pageAt(`${pathname}?${query}`), { scroll: false }));
  const set = (name: string, value: string) => {
    const query = new URLSearchParams(searchParams);
    for (const old of ["after", "before", name]) query.delete(old);
    if (value) query.set(name, value);
    go(query);
  };
  const isFiltered = Object.values(filter).some(Boolean);
  const all = { value: "", label: "All" };
  return (
    <div className={classes.filters} aria-busy={isLoading}>
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
        data={[all, ...choices.actions.map((value) => ({ value, label: capital(verbOf(value)) }))]}
      />
      <NativeSelect
        label="Object"
        value={filter.kind ?? ""}
        onChange={(event) => set("kind", event.currentTarget.value)}
        data={[all, ...choices.kinds.map((value) => ({ value, label: capital(inWords(value)) }))]}
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
      {isFiltered && (
        <Button variant="subtle" onClick={() => go(new URLSearchParams())}>
          Show all
        </Button>
      )}
    </div>
  );
}
