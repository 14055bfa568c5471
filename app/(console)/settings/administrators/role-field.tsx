"use client";
import { useWatch } from "react-hook-form";
import { SelectField } from "@/components/fields";
import { ROLE_HINTS, ROLE_LABELS, ROLES, type Role } from "@/lib/people/roles/schema";

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
