"use client";

import { NativeSelect } from "@mantine/core";
import { useFormContext, useWatch } from "react-hook-form";
import { ROLE_HINTS, ROLE_LABELS, ROLES, type Role } from "@/lib/access/roles/schema";

/** Which role, and what it may do. */
export function RoleField() {
  const { register, formState } = useFormContext<{ role: Role }>();
  const role = useWatch<{ role: Role }, "role">({ name: "role" });
  return (
    <NativeSelect
      label="Role"
      description={ROLE_HINTS[role]}
      data={ROLES.map((value) => ({ value, label: ROLE_LABELS[value] }))}
      error={formState.errors.role?.message}
      {...register("role")}
    />
  );
}
