"use server";

import { revalidatePath } from "next/cache";
import { inviteAdministrator, setAdministratorActive } from "@/lib/administrators/mutations";
import { inviteSchema, setAdministratorActiveSchema } from "@/lib/administrators/schema";
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
