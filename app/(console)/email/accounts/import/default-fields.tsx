"use client";

import { Fieldset, NativeSelect, SimpleGrid } from "@mantine/core";
import {
  searchCloudProvidersAction,
  searchContactListsAction,
} from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import {
  SERVICE_LABELS,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
  type TestSchedule,
} from "@/lib/email-accounts/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { type MailService, SERVICES } from "@/lib/mail/services/schema";

export type Defaults = {
  service: MailService;
  testSchedule: TestSchedule;
  provider: Choice | null;
  list: Choice | null;
};

type DefaultFieldsProps = {
  defaults: Defaults;
  onChange: (change: Partial<Defaults>) => void;
  providers: Choices;
  lists: Choices;
};

export function DefaultFields({ defaults, onChange, providers, lists }: DefaultFieldsProps) {
  return (
    <Fieldset legend="For lines that leave it empty">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NativeSelect
          label="Service"
          data={SERVICES.map((value) => ({ value, label: SERVICE_LABELS[value] }))}
          value={defaults.service}
          onChange={({ currentTarget: { value } }) => {
            const service = SERVICES.find((each) => each === value);
            if (service) onChange({ service });
          }}
        />
        <ChoiceInput
          label="Cloud Provider"
          none="None"
          first={providers}
          find={(search) => searchCloudProvidersAction({ search })}
          value={defaults.provider}
          onChange={(provider) => onChange({ provider })}
        />
        <ChoiceInput
          label="List"
          none="None"
          first={lists}
          find={(search) => searchContactListsAction({ search })}
          value={defaults.list}
          onChange={(list) => onChange({ list })}
        />
        <NativeSelect
          label="Connection test"
          data={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
          value={defaults.testSchedule}
          onChange={({ currentTarget: { value } }) => {
            const testSchedule = TEST_SCHEDULES.find((each) => each === value);
            if (testSchedule) onChange({ testSchedule });
          }}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
