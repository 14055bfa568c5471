"use server";

import { renameOneself } from "@/lib/access/administrators/mutations";
import { unlinkOwnIdentity } from "@/lib/access/company/identities/mutations";
import { changePassword } from "@/lib/access/passwords/mutations";
import { changePasswordSchema } from "@/lib/access/passwords/schema";
import { endOtherSessions, endOwnSession } from "@/lib/access/sessions/mutations";
import { actionOf, defineAction } from "@/lib/http/action";
import { readDeviceCookie } from "@/lib/http/auth/own-cookies";

export const changePasswordAction = defineAction(
  changePasswordSchema,
  async (actor, input) => changePassword(actor, input, await readDeviceCookie()),
  { revalidates: "/profile" },
);

// The name stands in the shell of every page.
export const renameOneselfAction = actionOf(renameOneself, { revalidates: "/" });
export const unlinkIdentityAction = actionOf(unlinkOwnIdentity, { revalidates: "/profile" });
export const endOwnSessionAction = actionOf(endOwnSession, { revalidates: "/profile" });
export const endOtherSessionsAction = actionOf(endOtherSessions, { revalidates: "/profile" });
