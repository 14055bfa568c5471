import type { ImapFlow } from "imapflow";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { probeFailure } from "./probe-failure";

/**
 * RFC 2177: a server may drop who idles for half an hour; Exchange and middleboxes are less patient. It is
 * also how long a connection that a firewall forgot goes unnoticed: an idle server says nothing either, and
 * asking thousands of them more often would cost more than new senders that come some minutes later.
 */
export const RENEW_IDLE_MS = 4 * MINUTE_MS;
/** Where a server does not tell by itself. */
const POLL_MS = 30 * SECOND_MS;
/** ImapFlow by itself would wait for twelve minutes more. */
const ANSWER_WITHIN_MS = 15 * SECOND_MS;

type Ear = {
  /** Until there may be something new. @throws ProbeFailure when the connection is over, or silent */
  untilNews(): Promise<void>;
};

/**
 * Listens from the opening on, so that nothing is missed that arrives while something is read: IDLE (RFC
 * 2177) where it is offered, and looking from time to time elsewhere.
 */
export function listen(client: ImapFlow): Ear {
  let hasNews = false;
  let wake = () => {};
  client.on("exists", () => {
    hasNews = true;
    wake();
  });
  client.once("close", () => wake());
  const canIdle = client.capabilities.has("IDLE");

  async function untilNews(): Promise<void> {
    if (!hasNews && client.usable) await quiet();
    hasNews = false;
    await proveAlive(client);
  }

  function quiet(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, canIdle ? RENEW_IDLE_MS : POLL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      // A server may end IDLE by itself, which is a reason to look.
      if (canIdle) client.idle().then(wake, reject);
    });
  }

  return { untilNews };
}

/** Ends IDLE too, and is answered only by a connection that lives. */
async function proveAlive(client: ImapFlow): Promise<void> {
  if (!client.usable) throw probeFailure("mail.connection_lost");
  const timer = setTimeout(() => client.close(), ANSWER_WITHIN_MS);
  await client.noop().finally(() => clearTimeout(timer));
  // ImapFlow keeps the failure of this command to itself.
  if (!client.usable) throw probeFailure("mail.connection_lost");
}
