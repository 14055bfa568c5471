"use client";

import { Paper, Stack, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { AT_END, PlainForm } from "@/components/plain-form";
import { TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { type PersonalData, personSchema } from "@/lib/contacts/privacy/schema";
import { counted } from "@/lib/kernel/text/schema";
import { findPersonalDataAction } from "../actions";
import { PersonalDataView } from "./personal-data-view";

type PersonalDataFormProps = {
  email: string;
  keptOut: number;
};

/** The address is not in the URL, which proxies log. */
export function PersonalDataForm({ email, keptOut }: PersonalDataFormProps) {
  const [data, setData] = useState<PersonalData | null>(null);
  const actionForm = useActionForm({
    schema: personSchema,
    defaultValues: { email },
    action: findPersonalDataAction,
    onSuccess: setData,
  });
  return (
    <Stack gap="lg">
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
        <PlainForm
          actionForm={actionForm}
          submitLabel="Show what is stored"
          look={{
            ...AT_END,
            variant: data ? "default" : "filled",
            leftSection: <IconSearch size={16} />,
          }}
        >
          <TextField
            name="email"
            onChange={() => setData(null)}
            label="Email address of the person"
            type="email"
            withAsterisk
          />
          <Text size="sm" c="dimmed">
            {keptOutText(keptOut)}
          </Text>
        </PlainForm>
      </Paper>
      <div role="status">
        {data && <PersonalDataView key={data.address} data={data} onChange={actionForm.submit} />}
      </div>
    </Stack>
  );
}

function keptOutText(count: number): string {
  if (count === 0) return "No addresses are blocked.";
  return `${counted(count, "erased address is", "erased addresses are")} blocked.`;
}
