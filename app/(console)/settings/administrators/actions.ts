"use server";

import {
  inviteAdministrator,
  setAdministratorActive,
  setAdministratorRole,
} from "@/lib/access/administrators/mutations";
import {
  administratorIdSchema,
  inviteSchema,
  setAdministratorActiveSchema,
  setRoleSchema,
} from "@/lib/access/administrators/schema";
import { removeFactorsOf, setSecondFactorRoles } from "@/lib/access/factors/mutations";
import { removeFactorsOfSchema, secondFactorRolesSchema } from "@/lib/access/factors/schema";
import { renewInvitation, revokeInvitation } from "@/lib/access/invitations/mutations";
import { invitationIdSchema } from "@/lib/access/invitations/schema";
import { mailInvitation, mailPasswordLink } from "@/lib/access/letters/mutations";
import { mailInvitationSchema, mailPasswordLinkSchema } from "@/lib/access/letters/schema";
import { findMadeBy } from "@/lib/access/makers/queries";
import { createPasswordLink } from "@/lib/access/passwords/mutations";
import { createPasswordLinkSchema } from "@/lib/access/passwords/schema";
import { endSessionsOf } from "@/lib/access/sessions/mutations";
import { endSessionsOfSchema } from "@/lib/access/sessions/schema";
import { defineAction } from "@/lib/http/action";

const revalidates = "/settings/administrators";

export const inviteAdministratorAction = defineAction(inviteSchema, inviteAdministrator, {
  revalidates,
});

export const revokeInvitationAction = defineAction(invitationIdSchema, revokeInvitation, {
  revalidates,
});

export const renewInvitationAction = defineAction(invitationIdSchema, renewInvitation, {
  revalidates,
});

export const setAdministratorActiveAction = defineAction(
  setAdministratorActiveSchema,
  setAdministratorActive,
  { revalidates },
);

export const setAdministratorRoleAction = defineAction(setRoleSchema, setAdministratorRole, {
  revalidates,
});

export const findMadeByAction = defineAction(administratorIdSchema, findMadeBy);

export const createPasswordLinkAction = defineAction(createPasswordLinkSchema, createPasswordLink);

export const endSessionsOfAction = defineAction(endSessionsOfSchema, endSessionsOf, {
  revalidates,
});

export const mailInvitationAction = defineAction(mailInvitationSchema, mailInvitation);

export const mailPasswordLinkAction = defineAction(mailPasswordLinkSchema, mailPasswordLink);

export const removeFactorsOfAction = defineAction(removeFactorsOfSchema, removeFactorsOf, {
  revalidates,
});

export const setSecondFactorRolesAction = defineAction(
  secondFactorRolesSchema,
  setSecondFactorRoles,
  { revalidates },
);
