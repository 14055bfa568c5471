import type { Client } from "./client";
import { DataEnd } from "./data-end";
import type { DataRate } from "./data-rate";
import { recordRefusedMessage } from "./message-refusals";
import { rewriterFor } from "./senders";
import type { ServerSide } from "./server-side";
import type { Session } from "./sessions";
import type { Replies } from "./smtp-replies";

const SPACE = 0x20;
const TOO_LARGE = "552 5.3.4 The header of this message is too large.";

const TOO_SLOW =
  "421 4.7.0 The message came too slowly, and other devices wait for this mailbox. Send it again.";

/** Cut off, so that the server does not take a part for the whole. */
export function cutSlowMessage(client: Client, session: Session, server: ServerSide): true {
  client.send(TOO_SLOW);
  recordRefusedMessage(client, session, { text: TOO_SLOW });
  server.cutOff();
  return true;
}

/** From the server's 354. @returns the reply's code; null when cut off */
export async function passMessage(
  { client, session, rate }: Ends & { rate: DataRate },
  server: ServerSide,
  replies: Replies,
): Promise<number | null> {
  const end = new DataEnd();
  const from = rewriterFor(session.device);
  const cutOff = () => {
    server.cutOff();
    return null;
  };
  for (;;) {
    const chunk = await rate.wait(client.reader.some());
    if (!chunk) return cutOff();
    // RFC 5321 §2.3.1: servers differ about what follows a NUL. Taken out, it would leave an end of data.
    const { bytes: taken, behind } = end.next(
      chunk.includes(0) ? Buffer.from(chunk.map((byte) => byte || SPACE)) : chunk,
    );
    session.count(taken.length);
    const bytes = from(taken, behind !== undefined);
    if (!bytes) {
      client.send(TOO_LARGE);
      recordRefusedMessage(client, session, { text: TOO_LARGE });
      return cutOff();
    }
    if (behind) return lastPart({ client, session }, { server, replies }, { bytes, behind });
    if (!(await server.write(bytes))) return null;
  }
}

type Ends = { client: Client; session: Session };

async function lastPart(
  { client, session }: Ends,
  { server, replies }: { server: ServerSide; replies: Replies },
  { bytes, behind }: { bytes: Buffer; behind: Buffer },
): Promise<number | null> {
  client.reader.unread(behind);
  // Before writing: the server may be fast.
  const replied = replies.expect({ stage: "mailbox" });
  if (!(await server.write(bytes))) return null;
  const code = await replied;
  if (code === 250) session.messages += 1;
  return code;
}
