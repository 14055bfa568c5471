"use server";

import { inviteAdministrator, setAdministratorActive } from "@/lib/access/administrators/mutations";
import { inviteSchema, setAdministratorActiveSchema } from "@/lib/access/administrators/schema";
import { defineAction } from "@/lib/http/action";

export const inviteAdministratorAction = defineAction(inviteSchema, (actor) =>
  inviteAdministrator(actor),
);

export const setAdministratorActiveAction = defineAction(
  setAdministratorActiveSchema,
  setAdministratorActive,
  { revalidates: "/settings/administrators" },
);
