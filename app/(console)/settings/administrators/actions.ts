"use server";

import { revalidatePath } from "next/cache";
import { inviteAdministrator, setAdministratorActive } from "@/lib/access/administrators/mutations";
import { inviteSchema, setAdministratorActiveSchema } from "@/lib/access/administrators/schema";
import { defineAction } from "@/lib/http/action";

export const inviteAdministratorAction = defineAction(inviteSchema, (actor) =>
  inviteAdministrator(actor),
);

export const setAdministratorActiveAction = defineAction(
  setAdministratorActiveSchema,
  async (actor, input) => {
    await setAdministratorActive(actor, input);
    revalidatePath("/settings/administrators");
    return null;
  },
);
