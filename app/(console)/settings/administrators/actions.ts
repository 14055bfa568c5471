"use server";

import { inviteAdministrator, setAdministratorActive } from "@/lib/access/administrators/mutations";
import { inviteSchema, setAdministratorActiveSchema } from "@/lib/access/administrators/schema";
import { removeFactorsOf, setSecondFactorRoles } from "@/lib/access/factors/mutations";
import { removeFactorsOfSchema, secondFactorRolesSchema } from "@/lib/access/factors/schema";
import { createPasswordLink } from "@/lib/access/passwords/mutations";
import { createPasswordLinkSchema } from "@/lib/access/passwords/schema";
import { endSessionsOf } from "@/lib/access/sessions/mutations";
import { endSessionsOfSchema } from "@/lib/access/sessions/schema";
import { defineAction } from "@/lib/http/action";

export const inviteAdministratorAction = defineAction(inviteSchema, (actor) =>
  inviteAdministrator(actor),
);

export const setAdministratorActiveAction = defineAction(
  setAdministratorActiveSchema,
  setAdministratorActive,
  { revalidates: "/settings/administrators" },
);

export const createPasswordLinkAction = defineAction(createPasswordLinkSchema, createPasswordLink);

export const endSessionsOfAction = defineAction(endSessionsOfSchema, endSessionsOf, {
  revalidates: "/settings/administrators",
});

export const removeFactorsOfAction = defineAction(removeFactorsOfSchema, removeFactorsOf, {
  revalidates: "/settings/administrators",
});

export const setSecondFactorRolesAction = defineAction(
  secondFactorRolesSchema,
  setSecondFactorRoles,
  { revalidates: "/settings/administrators" },
);
