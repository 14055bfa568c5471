import { Select } from "@mantine/core";
import { useEffect, useState } from "react";
import {
  searchCloudProvidersAction,
  searchContactListsAction,
} from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import type { SearchChoices } from "@/components/use-choices";
import type { ChangeAccounts } from "@/lib/email-accounts/bulk/schema";
import {
  ACCOUNT_LABELS,
  FAILED_TESTS_REPEAT,
  READS_BY,
  READS_BY_HINT,
  READS_BY_LABELS,
  SENDS_BY,
  SENDS_BY_HINT,
  SENDS_BY_LABELS,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
} from "@/lib/email-accounts/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import type { BulkWish } from "./bulk-wishes";
import { AddList } from "./contact-list-field";

type Change = ChangeAccounts["change"];
type BulkFieldProps = { wish: BulkWish; onChange: (change: Change | null) => void };

const findProviders: SearchChoices = (search) => searchCloudProvidersAction({ search });
const findLists: SearchChoices = (search) => searchContactListsAction({ search });

export function BulkField({ wish, onChange }: BulkFieldProps) {
  if (wish === "testSchedule")
    return (
      <Listed
        label="Connection test"
        hint={FAILED_TESTS_REPEAT}
        values={TEST_SCHEDULES}
        labels={TEST_SCHEDULE_LABELS}
        onChange={(to) => onChange(to && { set: wish, to })}
      />
    );
  if (wish === "sendsBy")
    return (
      <Listed
        label={ACCOUNT_LABELS.sendsBy}
        hint={SENDS_BY_HINT}
        values={SENDS_BY}
        labels={SENDS_BY_LABELS}
        onChange={(to) => onChange(to && { set: wish, to })}
      />
    );
  if (wish === "readsBy")
    return (
      <Listed
        label={ACCOUNT_LABELS.readsBy}
        hint={READS_BY_HINT}
        values={READS_BY}
        labels={READS_BY_LABELS}
        onChange={(to) => onChange(to && { set: wish, to })}
      />
    );
  if (wish === "cloudProviderId")
    return (
      <Searched
        label="Cloud Provider"
        find={findProviders}
        onChange={(choice) => onChange(choice && { set: "cloudProviderId", to: choice.id })}
      />
    );
  if (wish === "contactListId")
    return (
      <Searched
        label="List"
        find={findLists}
        none="None"
        canAddList
        onChange={(choice) => onChange({ set: "contactListId", to: choice?.id ?? null })}
      />
    );
  return null;
}

type ListedProps<V extends string> = {
  label: string;
  hint: string;
  values: readonly V[];
  labels: Readonly<Record<V, string>>;
  onChange: (value: V | null) => void;
};

function Listed<V extends string>({ label, hint, values, labels, onChange }: ListedProps<V>) {
  return (
    <Select
      label={label}
      description={hint}
      placeholder="Choose …"
      data={values.map((value) => ({ value, label: labels[value] }))}
      onChange={(chosen) => onChange(values.find((known) => known === chosen) ?? null)}
    />
  );
}

type SearchedProps = {
  label: string;
  find: SearchChoices;
  none?: string;
  canAddList?: boolean;
  onChange: (choice: Choice | null) => void;
};

/** Nothing chosen yet, which is not None. */
const UNCHOSEN: Choice = { id: "", name: "" };
const NO_CHOICES: Choices = { found: [], hasMore: false };

function Searched({ label, find, none, canAddList = false, onChange }: SearchedProps) {
  const [first, setFirst] = useState(NO_CHOICES);
  const [value, setValue] = useState<Choice | null>(UNCHOSEN);
  // Opened rarely, so the dialog asks for its choices itself.
  useEffect(() => {
    void find("").then((result) => result.ok && setFirst(result.data));
  }, [find]);
  const choose = (choice: Choice | null) => {
    setValue(choice);
    onChange(choice);
  };
  return (
    <>
      <ChoiceInput
        label={label}
        placeholder="Choose …"
        autoFocus
        first={first}
        find={find}
        {...(none !== undefined && { none })}
        value={value}
        onChange={choose}
      />
      {canAddList && <AddList onAdded={choose} />}
    </>
  );
}
