import type { RequestListener } from "node:http";
import { openGraphInbox } from "@/lib/mail/graph/inbox";
import { type InboxPart, NOWHERE } from "@/lib/mail/inbox";
import type { ProbeFailure } from "@/lib/mail/probe-failure";
import { startHttpsServer } from "./https-server";

const NOTHING = { header: Buffer.alloc(0), receivedAt: new Date(0) };

/** A body in which ORIGIN stands for the server itself. */
export type Said = Record<string, unknown>;

/** With a message of each of these days of a month; without another page, the last one. */
export function aPage({ days = [], nextLink }: { days?: number[]; nextLink?: string }): Said {
  const value = days.map((day) => ({ receivedDateTime: `2026-11-0${day}T00:00:00Z` }));
  return { value, "@odata.deltaLink": "ORIGIN/v1.0/d", "@odata.nextLink": nextLink ?? null };
}

/** A message that is large, from no calendar, and whose sender has line breaks, among what is none. */
export const ODD_PAGE: Said = {
  value: [
    null,
    "x",
    {
      receivedDateTime: "0000-01-01T00:00:00Z",
      from: { emailAddress: { name: "b\u2028c\r\nX: y", address: "x@y.test" } },
      internetMessageHeaders: [7, { name: "X", value: "x".repeat(900_000) }],
    },
  ],
  "@odata.deltaLink": "ORIGIN/v1.0/d",
};

/** When the inbox was read before, and the hour before that. */
export const READ_UNTIL = {
  at: new Date("2026-11-03T02:00:00Z"),
  before: "2026-11-03T01:00:00.000Z",
};

/** An inbox is read on once, from a server that may say anything; its last answer is given again. */
export async function readGraphInbox(stateDir: string, said: readonly Said[], stored?: string) {
  const asked: string[] = [];
  let origin = "";
  const inPlace = (text: string) => text.replaceAll("ORIGIN", origin);
  const answer: RequestListener = (request, reply) => {
    const url = decodeURIComponent(request.url ?? "");
    if (url.includes("totalItemCount")) return void reply.end("{}");
    asked.push(url);
    reply.end(inPlace(JSON.stringify(said[Math.min(asked.length, said.length) - 1])));
  };
  const server = await startHttpsServer(stateDir, answer);
  origin = server.origin;
  const mailbox = {
    address: `${origin}/v1.0/me`,
    accessToken: "token",
    drop: async () => {},
    turn: <T>(work: () => Promise<T>) => work(),
  };
  const { signal } = new AbortController();
  const inbox = await openGraphInbox({ open: async () => mailbox, signal, mark: "mine" });
  const parts: InboxPart[] = [];
  let failure: ProbeFailure | undefined;
  try {
    const from = { deltaLink: stored ? inPlace(stored) : null, readUntil: READ_UNTIL.at };
    for await (const part of inbox.readOn({ ...NOWHERE, ...from })) parts.push(part);
  } catch (error) {
    failure = error as ProbeFailure;
  } finally {
    inbox.close();
    await server.close();
  }
  const [first = NOTHING] = parts.flatMap(({ messages }) => messages);
  return { asked, parts, first, failure: failure?.remedyId };
}
