"use server";

import { defineAction } from "@/lib/http/action";
import { moveAccount } from "@/lib/migration/move";
import { undoMove } from "@/lib/migration/mutations";
import { moveAccountSchema, undoMoveSchema } from "@/lib/migration/schema";

const revalidates = "/email";

/** @returns what came of the test; a refused sign-in is a normal result, and changes nothing */
export const moveAccountAction = defineAction(moveAccountSchema, moveAccount, { revalidates });

export const undoMoveAction = defineAction(
  undoMoveSchema,
  (actor, { emailAccountId }) => undoMove(actor, emailAccountId),
  { revalidates },
);
