"use server";

import { actionOf } from "@/lib/http/action";
import { moveAccount } from "@/lib/migration/move";
import { undoMove } from "@/lib/migration/mutations";

const revalidates = "/email";

export const moveAccountAction = actionOf(moveAccount, { revalidates });
export const undoMoveAction = actionOf(undoMove, { revalidates });
