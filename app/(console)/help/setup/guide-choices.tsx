"use client";

import { Button, Group, NativeSelect, Paper, Stack, TextInput } from "@mantine/core";
import Form from "next/form";
import type { Grant } from "@/lib/oauth/schema";
import { grantChoices } from "@/lib/registrations/registration/schema";

type GuideChoicesProps = {
  action: "/help/setup" | "/help/setup/google";
  way: Grant;
  ways: readonly Grant[];
  /** Asked where there are several clouds. */
  place?: {
    cloud: string;
    clouds: { id: string; label: string }[];
    tenant: string;
    problem: string | null;
  };
};

/** In the page's address, so that it can be sent to a colleague. */
export function GuideChoices({ action, way, ways, place }: GuideChoicesProps) {
  return (
    <Paper withBorder p="lg" radius="md">
      <Form action={action}>
        <Stack gap="sm">
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <NativeSelect
              label="How mailboxes sign in"
              name="way"
              miw={220}
              defaultValue={way}
              data={grantChoices(ways)}
            />
            {place && (
              <NativeSelect
                label="Cloud"
                name="cloud"
                miw={220}
                defaultValue={place.cloud}
                data={place.clouds.map(({ id, label }) => ({ value: id, label }))}
              />
            )}
          </Group>
          {place && (
            <TextInput
              label="Tenant"
              name="tenant"
              description="A domain of the organisation, or its Directory (tenant) ID."
              placeholder="contoso.com"
              autoComplete="off"
              spellCheck={false}
              defaultValue={place.tenant}
              error={place.problem}
            />
          )}
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
