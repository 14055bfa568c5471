"use server";

import { actionOf, defineAction } from "@/lib/http/action";
import { moveAccount } from "@/lib/migration/move";
import { undoMove } from "@/lib/migration/mutations";
import { findMoveTarget } from "@/lib/migration/queries";
import { moveTargetSchema } from "@/lib/migration/schema";

const revalidates = "/email";

/** @returns what came of the test; a refused sign-in is a normal result, and changes nothing */
export const moveAccountAction = actionOf(moveAccount, { revalidates });
export const undoMoveAction = actionOf(undoMove, { revalidates });

/** @returns whether the user name is signed in there; null when the provider is gone */
export const findMoveTargetAction = defineAction(moveTargetSchema, findMoveTarget);
