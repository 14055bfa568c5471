import "server-only";
import { randomUUID } from "node:crypto";
import { command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { authorizationIdSchema } from "../schema";
import { claimNow } from "./leases/store";
import { refreshClaimed } from "./refresh";

/** The second is with the secret of before, which is in use again where the newest was refused. */
const MOST_REQUESTS = 3;

/**
 * Renews the tokens of a sign-in now, due or not: for callers that want to know whether it still works
 * without waiting for the keeper. The result is stored as the state of the sign-in.
 *
 * @returns whether it worked
 * @throws AppError conflict while another process renews it, or when it is gone
 */
export const renewNow = command({
  input: authorizationIdSchema,
  permission: "authorizations:write",
  async act(_actor, { authorizationId }): Promise<boolean> {
    for (let asked = 0; asked < MOST_REQUESTS; asked += 1) {
      const claim = await claimNow(`web-${randomUUID()}`, authorizationId);
      if (!claim) break;
      const result = await refreshClaimed(claim);
      if (result !== "superseded") return result === "renewed";
    }
    throw new AppError(
      "conflict",
      "It is being renewed right now, or was removed. Check again in a moment.",
    );
  },
});
