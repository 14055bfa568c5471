import type { ImapFlow } from "imapflow";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { probeFailure } from "./probe-failure";

/** RFC 2177 allows 30 minutes; Exchange and middleboxes drop idle connections sooner. */
export const RENEW_IDLE_MS = 4 * MINUTE_MS;
/** For servers without IDLE. */
const POLL_MS = 30 * SECOND_MS;
/** ImapFlow would wait twelve minutes. */
const ANSWER_WITHIN_MS = 15 * SECOND_MS;

type Ear = {
  /** @throws ProbeFailure */
  untilNews(): Promise<void>;
};

/** Listens at once, so nothing is missed while reading. IDLE (RFC 2177), else polling. */
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
      // A server may end IDLE, which is a reason to look.
      if (canIdle) client.idle().then(wake, reject);
    });
  }

  return { untilNews };
}

/** Ends IDLE; only a live connection answers. */
async function proveAlive(client: ImapFlow): Promise<void> {
  if (!client.usable) throw probeFailure("mail.connection_lost");
  const timer = setTimeout(() => client.close(), ANSWER_WITHIN_MS);
  await client.noop().finally(() => clearTimeout(timer));
  // ImapFlow hides this command's failure.
  if (!client.usable) throw probeFailure("mail.connection_lost");
}
