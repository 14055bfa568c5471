"use server";

import { renameOneself } from "@/lib/access/administrators/mutations";
import { renameOneselfSchema } from "@/lib/access/administrators/schema";
import { unlinkOwnIdentity } from "@/lib/access/company/identities/mutations";
import { unlinkIdentitySchema } from "@/lib/access/company/schema";
import { changePassword } from "@/lib/access/passwords/mutations";
import { changePasswordSchema } from "@/lib/access/passwords/schema";
import { endOtherSessions, endOwnSession } from "@/lib/access/sessions/mutations";
import { endOtherSessionsSchema, endSessionSchema } from "@/lib/access/sessions/schema";
import { defineAction } from "@/lib/http/action";
import { readDeviceCookie } from "@/lib/http/auth/own-cookies";

export const changePasswordAction = defineAction(
  changePasswordSchema,
  async (actor, input) => changePassword(actor, input, await readDeviceCookie()),
  { revalidates: "/profile" },
);

// The name stands in the shell of every page.
export const renameOneselfAction = defineAction(renameOneselfSchema, renameOneself, {
  revalidates: "/",
});

export const unlinkIdentityAction = defineAction(unlinkIdentitySchema, unlinkOwnIdentity, {
  revalidates: "/profile",
});

export const endOwnSessionAction = defineAction(endSessionSchema, endOwnSession, {
  revalidates: "/profile",
});

export const endOtherSessionsAction = defineAction(
  endOtherSessionsSchema,
  (actor) => endOtherSessions(actor),
  { revalidates: "/profile" },
);
