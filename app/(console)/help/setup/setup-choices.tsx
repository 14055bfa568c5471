"use client";

import { Button, Group, NativeSelect, Paper, Stack, TextInput } from "@mantine/core";
import Form from "next/form";
import { grantChoices } from "@/lib/registrations/registration/schema";
import { MICROSOFT_WAYS, type SetupParams } from "./setup-params";

type SetupChoicesProps = {
  params: SetupParams;
  clouds: { id: string; label: string }[];
  problem: string | null;
};

/** In the page's address, so that it can be sent to a colleague. */
export function SetupChoices({ params, clouds, problem }: SetupChoicesProps) {
  return (
    <Paper withBorder p="lg" radius="md">
      <Form action="/help/setup">
        <Stack gap="sm">
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <NativeSelect
              label="How mailboxes sign in"
              name="way"
              miw={220}
              defaultValue={params.way}
              data={grantChoices(MICROSOFT_WAYS)}
            />
            <NativeSelect
              label="Cloud"
              name="cloud"
              miw={220}
              defaultValue={params.cloud}
              data={clouds.map(({ id, label }) => ({ value: id, label }))}
            />
          </Group>
          <TextInput
            label="Tenant"
            name="tenant"
            description="A domain of the organisation, or its Directory (tenant) ID."
            placeholder="contoso.com"
            autoComplete="off"
            spellCheck={false}
            defaultValue={params.tenant}
            error={problem}
          />
          <Group justify="flex-end">
            <Button type="submit" variant="default">
              Show the steps
            </Button>
          </Group>
        </Stack>
      </Form>
    </Paper>
  );
}
