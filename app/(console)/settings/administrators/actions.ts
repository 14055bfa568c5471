"use server";

import { inviteAdministrator, setAdministratorActive } from "@/lib/access/administrators/mutations";
import { inviteSchema, setAdministratorActiveSchema } from "@/lib/access/administrators/schema";
import { mailInvitation, mailPasswordLink } from "@/lib/access/letters/mutations";
import { mailInvitationSchema, mailPasswordLinkSchema } from "@/lib/access/letters/schema";
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

export const mailInvitationAction = defineAction(mailInvitationSchema, mailInvitation);

export const mailPasswordLinkAction = defineAction(mailPasswordLinkSchema, mailPasswordLink);
