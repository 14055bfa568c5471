"use server";

import { actionOf, defineAction } from "@/lib/http/action";
import {
  endSessionsOf,
  inviteAdministrator,
  setAdministratorActive,
  setAdministratorRole,
} from "@/lib/people/administrators/mutations";
import { administratorIdSchema } from "@/lib/people/administrators/schema";
import { removeFactorsOf, setSecondFactorRoles } from "@/lib/people/factors/mutations";
import {
  mailInvitation,
  mailPasswordLink,
  renewInvitation,
  revokeInvitation,
} from "@/lib/people/links/mutations";
import { findMadeBy } from "@/lib/people/makers/queries";
import { createPasswordLink } from "@/lib/people/passwords/mutations";

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
