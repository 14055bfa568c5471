import type { Platform } from "../platform";
import type { Protocol } from "./access";
import type { Connection } from "./connection";
import { type Moment, SERVER_REPLIES } from "./server-replies";

interface Asked {
  platform: Platform;
  protocol: Protocol;
}

/** What a fault makes this server say at this moment; undefined where none strikes. */
export function verbatimReply(
  { platform, protocol }: Asked,
  at: Moment,
  mailbox?: string,
): readonly string[] | undefined {
  return SERVER_REPLIES.find(
    (reply) =>
      reply.place === protocol &&
      reply.at === at &&
      platform.faults.strikes(reply.id, { place: protocol, mailbox }),
  )?.turns;
}

const LINE_LIMIT = 64 * 1024;

/** Says it. @returns whether the server hangs up after it */
export async function sayVerbatim(
  connection: Connection,
  turns: readonly string[],
  tag = "*",
): Promise<boolean> {
  for (const [index, turn] of turns.entries()) {
    if (index > 0) await connection.readLine(LINE_LIMIT);
    await connection.reply(turn.replace("{tag}", tag));
  }
  return /\* BYE|is closed|^421|^HTTP/m.test(turns.at(-1) ?? "");
}
