"use server";

import { z } from "zod";
import { searchAuditActors } from "@/lib/audit/trail/queries";
import { searchContactLists } from "@/lib/contacts/lists/queries";
import {
  searchDelegates,
  searchListsOfAccounts,
  searchProvidersOfAccounts,
  searchSchedulesOfAccounts,
  searchServicesOfAccounts,
} from "@/lib/email-accounts/filters/choices/queries";
import { searchEmailAccounts, searchSenders } from "@/lib/email-accounts/queries";
import { defineAction } from "@/lib/http/action";
import type { Actor } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { choiceSearchSchema } from "@/lib/kernel/fields/schema";
import { SERVICES } from "@/lib/mail/services/schema";
import { searchMoveTargets } from "@/lib/migration/queries";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { findSignInSchema, searchSignedInSchema } from "@/lib/sign-ins/schema";
import { findSignIn, searchSignedIn } from "@/lib/sign-ins/signed-in/queries";

const schema = z.strictObject({ search: choiceSearchSchema });
const searching = (find: (actor: Actor, search: string) => Promise<Choices>) =>
  defineAction(schema, (actor, { search }) => find(actor, search));

export const searchCloudProvidersAction = defineAction(schema, searchCloudProviders);
export const searchContactListsAction = searching(searchContactLists);
export const searchDelegatesAction = searching(searchDelegates);
export const searchProvidersOfAccountsAction = searching(searchProvidersOfAccounts);
export const searchListsOfAccountsAction = searching(searchListsOfAccounts);
export const searchServicesOfAccountsAction = searching(searchServicesOfAccounts);
export const searchSchedulesOfAccountsAction = searching(searchSchedulesOfAccounts);
export const searchEmailAccountsAction = searching(searchEmailAccounts);
export const searchSendersAction = searching(searchSenders);
export const searchAuditActorsAction = searching(searchAuditActors);

export const searchMoveTargetsAction = defineAction(
  z.strictObject({ service: z.enum(SERVICES), search: choiceSearchSchema }),
  searchMoveTargets,
);

export const searchSignedInAction = defineAction(searchSignedInSchema, searchSignedIn);

export const findSignInAction = defineAction(findSignInSchema, findSignIn);
