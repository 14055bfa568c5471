"use client";

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { type PersonalData, personSchema } from "@/lib/contacts/privacy/schema";
import { findPersonalDataAction } from "../actions";
import { PersonalDataView } from "./personal-data-view";

type PersonalDataFormProps = {
  email: string;
  keptOut: number;
};

/** The address is not in the URL, which proxies log. */
export function PersonalDataForm({ email, keptOut }: PersonalDataFormProps) {
  const [data, setData] = useState<PersonalData | null>(null);
  const { form, submit, problem, isSaving } = useActionForm({
    schema: personSchema,
    defaultValues: { email },
    action: findPersonalDataAction,
    onSuccess: setData,
  });
  return (
    <Stack gap="lg">
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
        <Form onSubmit={submit}>
          <Stack>
            <FormProblem problem={problem} />
            <TextField
              form={form}
              name="email"
              onChange={() => setData(null)}
              label="Email address of the person"
              type="email"
              withAsterisk
            />
            <Group justify="space-between">
              <Text size="sm" c="dimmed">
                {keptOutText(keptOut)}
              </Text>
              <Button
                type="submit"
                loading={isSaving}
                variant={data ? "default" : "filled"}
                leftSection={<IconSearch size={16} />}
              >
                Show what is stored
              </Button>
            </Group>
          </Stack>
        </Form>
      </Paper>
      <div role="status">
        {data && <PersonalDataView key={data.address} data={data} onChange={submit} />}
      </div>
    </Stack>
  );
}

function keptOutText(count: number): string {
  if (count === 0) return "No addresses are blocked.";
  return count === 1
    ? "1 erased address is blocked."
    : `${count.toLocaleString("en")} erased addresses are blocked.`;
}
