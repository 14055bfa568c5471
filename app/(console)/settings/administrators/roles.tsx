"use client";

import { Checkbox, CheckboxGroup, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { ActButton, act } from "@/components/acts";
import { Can } from "@/components/can";
import { SelectField } from "@/components/fields";
import { ROLE_HINTS, ROLE_LABELS, ROLES, type Role } from "@/lib/people/roles/schema";
import { setSecondFactorRolesAction } from "./actions";

export function RoleField() {
  const role = useWatch<{ role: Role }, "role">({ name: "role" });
  return (
    <SelectField<{ role: Role }>
      name="role"
      label="Role"
      description={ROLE_HINTS[role]}
      data={ROLES.map((value) => ({ value, label: ROLE_LABELS[value] }))}
    />
  );
}

type SecondFactorRolesProps = { roles: readonly Role[]; ownRole: Role | null };

export function SecondFactorRoles({ roles, ownRole }: SecondFactorRolesProps) {
  const [chosen, setChosen] = useState<string[]>([...roles]);
  const named = ROLES.filter((role) => roles.includes(role)).map((role) => ROLE_LABELS[role]);
  const inWords = (
    <Text mt="xl">Roles that need a second factor: {named.join(", ") || "none"}.</Text>
  );
  return (
    <Can permission="administrators:write" otherwise={inWords}>
      <Paper withBorder p="lg" radius="md" mt="xl" component="section" aria-label="Second factor">
        <Stack>
          <CheckboxGroup
            label="Roles that need a second factor"
            description="People with these roles must set up an authenticator app or a passkey before they can continue. People who sign in at your company are not asked."
            value={chosen}
            onChange={setChosen}
          >
            <Group mt="xs">
              {ROLES.map((role) => (
                <Checkbox key={role} value={role} label={ROLE_LABELS[role]} />
              ))}
            </Group>
          </CheckboxGroup>
          <Group justify="space-between">
            <Text c="dimmed">
              {ownRole !== null && chosen.includes(ownRole) && "This includes you."}
            </Text>
            <ActButton
              label="Save"
              run={act(
                () =>
                  setSecondFactorRolesAction({
                    roles: ROLES.filter((role) => chosen.includes(role)),
                  }),
                "The roles that need a second factor were saved.",
              )}
            />
          </Group>
        </Stack>
      </Paper>
    </Can>
  );
}
