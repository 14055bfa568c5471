"use server";

import {
  inviteAdministrator,
  setAdministratorActive,
  setAdministratorRole,
} from "@/lib/access/administrators/mutations";
import { administratorIdSchema } from "@/lib/access/administrators/schema";
import { removeFactorsOf, setSecondFactorRoles } from "@/lib/access/factors/mutations";
import { renewInvitation, revokeInvitation } from "@/lib/access/invitations/mutations";
import { mailInvitation, mailPasswordLink } from "@/lib/access/letters/mutations";
import { findMadeBy } from "@/lib/access/makers/queries";
import { createPasswordLink } from "@/lib/access/passwords/mutations";
import { endSessionsOf } from "@/lib/access/sessions/mutations";
import { actionOf, defineAction } from "@/lib/http/action";

const revalidates = "/settings/administrators";

export const inviteAdministratorAction = actionOf(inviteAdministrator, { revalidates });
export const revokeInvitationAction = actionOf(revokeInvitation, { revalidates });
export const renewInvitationAction = actionOf(renewInvitation, { revalidates });
export const setAdministratorActiveAction = actionOf(setAdministratorActive, { revalidates });
export const setAdministratorRoleAction = actionOf(setAdministratorRole, { revalidates });

export const findMadeByAction = defineAction(administratorIdSchema, findMadeBy);

export const createPasswordLinkAction = actionOf(createPasswordLink);
export const endSessionsOfAction = actionOf(endSessionsOf, { revalidates });
export const mailInvitationAction = actionOf(mailInvitation);
export const mailPasswordLinkAction = actionOf(mailPasswordLink);
export const removeFactorsOfAction = actionOf(removeFactorsOf, { revalidates });
export const setSecondFactorRolesAction = actionOf(setSecondFactorRoles, { revalidates });
