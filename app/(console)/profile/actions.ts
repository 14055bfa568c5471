"use server";

import { actionOf, defineAction } from "@/lib/http/action";
import { readBrowserCookie } from "@/lib/http/auth/own-cookies";
import {
  endOtherSessions,
  endOwnSession,
  renameOneself,
} from "@/lib/people/administrators/mutations";
import { unlinkOwnIdentity } from "@/lib/people/company/identities/mutations";
import { changePasswordSchema } from "@/lib/people/links/schema";
import { changePassword } from "@/lib/people/passwords/mutations";

export const changePasswordAction = defineAction(
  changePasswordSchema,
  async (actor, input) => changePassword(actor, input, await readBrowserCookie()),
  { revalidates: "/profile" },
);

// The name stands in the shell of every page.
export const renameOneselfAction = actionOf(renameOneself, { revalidates: "/" });
export const unlinkIdentityAction = actionOf(unlinkOwnIdentity, { revalidates: "/profile" });
export const endOwnSessionAction = actionOf(endOwnSession, { revalidates: "/profile" });
export const endOtherSessionsAction = actionOf(endOtherSessions, { revalidates: "/profile" });
