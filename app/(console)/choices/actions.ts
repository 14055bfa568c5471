"use server";

import { z } from "zod";
import { searchAuditActors } from "@/lib/audit/trail/choices/queries";
import { searchContactLists } from "@/lib/contacts/lists/queries";
import {
  searchDelegates,
  searchListsOfAccounts,
  searchProvidersOfAccounts,
  searchSchedulesOfAccounts,
  searchServicesOfAccounts,
} from "@/lib/email-accounts/filters/choices/queries";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { searchSenders } from "@/lib/email-accounts/senders/queries";
import { defineAction } from "@/lib/http/action";
import { searchSchema } from "@/lib/kernel/choices/schema";
import { idSchema } from "@/lib/kernel/fields/schema";
import { searchMoveTargets } from "@/lib/migration/queries";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { findSignIn, searchSignedIn } from "@/lib/sign-ins/signed-in/queries";
import { findSignInSchema, searchSignedInSchema } from "@/lib/sign-ins/signed-in/schema";

// What search fields ask the server for once the user types.

const schema = z.strictObject({ search: searchSchema });

export const searchCloudProvidersAction = defineAction(schema, (actor, { search }) =>
  searchCloudProviders(actor, { search }),
);

export const searchContactListsAction = defineAction(schema, (actor, { search }) =>
  searchContactLists(actor, search),
);

export const searchDelegatesAction = defineAction(schema, (actor, { search }) =>
  searchDelegates(actor, search),
);

export const searchProvidersOfAccountsAction = defineAction(schema, (actor, { search }) =>
  searchProvidersOfAccounts(actor, search),
);

export const searchListsOfAccountsAction = defineAction(schema, (actor, { search }) =>
  searchListsOfAccounts(actor, search),
);

export const searchServicesOfAccountsAction = defineAction(schema, (actor, { search }) =>
  searchServicesOfAccounts(actor, search),
);

export const searchSchedulesOfAccountsAction = defineAction(schema, (actor, { search }) =>
  searchSchedulesOfAccounts(actor, search),
);

export const searchEmailAccountsAction = defineAction(schema, (actor, { search }) =>
  searchEmailAccounts(actor, search),
);

export const searchSendersAction = defineAction(schema, (actor, { search }) =>
  searchSenders(actor, search),
);

export const searchAuditActorsAction = defineAction(schema, (actor, { search }) =>
  searchAuditActors(actor, search),
);

export const searchMoveTargetsAction = defineAction(
  z.strictObject({ emailAccountId: idSchema, search: searchSchema }),
  searchMoveTargets,
);

export const searchSignedInAction = defineAction(searchSignedInSchema, searchSignedIn);

export const findSignInAction = defineAction(findSignInSchema, findSignIn);
