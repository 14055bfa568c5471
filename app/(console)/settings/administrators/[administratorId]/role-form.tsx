"use client";

import { Button, Group, Paper, Stack } from "@mantine/core";
import { FormProvider } from "react-hook-form";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { setRoleSchema } from "@/lib/access/administrators/schema";
import { ROLE_LABELS, type Role } from "@/lib/access/roles/schema";
import { setAdministratorRoleAction } from "../actions";
import { RoleField } from "../role-field";

type RoleFormProps = { id: string; name: string; role: Role };

export function RoleForm({ id, name, role }: RoleFormProps) {
  const { form, submit, problem, isSaving } = useActionForm({
    schema: setRoleSchema,
    defaultValues: { id, role },
    action: setAdministratorRoleAction,
    onSuccess: () => notifySuccess(`${name} is now ${ROLE_LABELS[form.getValues("role")]}.`),
  });
  return (
    <FormProvider {...form}>
      <Form onSubmit={submit}>
        <Paper withBorder p="lg" radius="md">
          <Stack>
            <FormProblem problem={problem} />
            <RoleField />
            <Group justify="flex-end">
              <Button type="submit" variant="default" loading={isSaving}>
                Save role
              </Button>
            </Group>
          </Stack>
        </Paper>
      </Form>
    </FormProvider>
  );
}
