import type { ActionResult } from "@/lib/http/schema";

/** What an action came to whose request itself failed: the server is gone, or the network is. */
export function unreachable(): ActionResult<never> {
  return {
    ok: false,
    error: {
      code: "temporarily_unavailable",
      message: "Postkey is not responding. Nothing was saved. What you typed is still here.",
    },
  };
}
