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
      <Select
        label="Connection test"
        description={FAILED_TESTS_REPEAT}
        placeholder="Choose …"
        data={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
        onChange={(value) => {
          const to = TEST_SCHEDULES.find((known) => known === value);
          onChange(to ? { set: "testSchedule", to } : null);
        }}
      />
    );
  if (wish === "sendsBy")
    return (
      <Select
        label={ACCOUNT_LABELS.sendsBy}
        description={SENDS_BY_HINT}
        placeholder="Choose …"
        data={SENDS_BY.map((value) => ({ value, label: SENDS_BY_LABELS[value] }))}
        onChange={(value) => {
          const to = SENDS_BY.find((known) => known === value);
          onChange(to ? { set: "sendsBy", to } : null);
        }}
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
