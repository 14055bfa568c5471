"use client";

import { Paper } from "@mantine/core";
import { notifySuccess } from "@/components/notify";
import { AT_END, PlainForm } from "@/components/plain-form";
import { useActionForm } from "@/components/use-action-form";
import { setRoleSchema } from "@/lib/access/administrators/schema";
import { ROLE_LABELS, type Role } from "@/lib/access/roles/schema";
import { setAdministratorRoleAction } from "../actions";
import { RoleField } from "../role-field";

type RoleFormProps = { id: string; name: string; role: Role };

export function RoleForm({ id, name, role }: RoleFormProps) {
  const actionForm = useActionForm({
    schema: setRoleSchema,
    defaultValues: { id, role },
    action: setAdministratorRoleAction,
    onSuccess: (): void => {
      const { role: given } = actionForm.form.getValues();
      notifySuccess(`${name} is now ${ROLE_LABELS[given]}.`);
    },
  });
  return (
    <Paper withBorder p="lg" radius="md">
      <PlainForm
        actionForm={actionForm}
        submitLabel="Save role"
        look={{ ...AT_END, variant: "default" }}
      >
        <RoleField />
      </PlainForm>
    </Paper>
  );
}
