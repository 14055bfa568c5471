"use server";

import { revalidatePath } from "next/cache";
import { defineAction } from "@/lib/http/action";
import { moveAccount } from "@/lib/migration/move";
import { undoMove } from "@/lib/migration/mutations";
import { moveAccountSchema, undoMoveSchema } from "@/lib/migration/schema";

/** @returns what came of the test; a refused sign-in is a normal result, and changes nothing */
export const moveAccountAction = defineAction(moveAccountSchema, async (actor, input) => {
  const result = await moveAccount(actor, input);
  if (result.verdict === "ok") revalidatePath("/email", "layout");
  return result;
});

export const undoMoveAction = defineAction(undoMoveSchema, async (actor, { emailAccountId }) => {
  await undoMove(actor, emailAccountId);
  revalidatePath("/email", "layout");
  return null;
});
