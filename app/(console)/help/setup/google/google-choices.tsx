"use client";

import { Button, Group, NativeSelect, Paper, Stack } from "@mantine/core";
import Form from "next/form";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";
import { grantChoices } from "@/lib/registrations/registration/schema";
import type { GoogleWay } from "../setup-params";

/** In the page's address, so that it can be sent to a colleague. */
export function GoogleChoices({ way }: { way: GoogleWay }) {
  return (
    <Paper withBorder p="lg" radius="md">
      <Form action="/help/setup/google">
        <Stack gap="sm">
          <NativeSelect
            label="How mailboxes sign in"
            name="way"
            defaultValue={way}
            data={grantChoices(GOOGLE_GRANTS)}
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
