import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { HttpsReply } from "@/lib/egress/https";
import { elapsed, HOUR_MS, MINUTE_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { readJson } from "@/lib/kernel/text/parse-json";
import {
  type Inbox,
  type InboxPart,
  type InboxPosition,
  type ListedMessage,
  newestOf,
  type ReceivedMessage,
} from "../inbox";
import { ProbeFailure, probeFailure } from "../probe-failure";
import { getFromGraph, isOwnLink } from "./get";
import { receivedFrom, rowsIn, SELECTED } from "./message-rows";
import type { GraphMailbox } from "./request";

type Opens = {
  open: () => Promise<GraphMailbox>;
  signal: AbortSignal;
  /** Whose mailbox it is, as long as that stays the same: a link is of one mailbox. */
  mark: string;
};

/** Shorter than a token that is handed out is good for. */
const KEPT_MS = 2 * MINUTE_MS;
/** Microsoft Graph tells no one by itself: it is asked sooner at first, for someone who waits. */
const FIRST_POLL_MS = SECOND_MS;
const POLL_MS = 10 * SECOND_MS;
/** Of one server's clock, and of the database's. */
const OVERLAP_MS = HOUR_MS;
/** A server may not stop by itself; what was read until then is kept. */
const MAX_PAGES = 1_000;
const MAX_LINK = 8 * 1024;

/**
 * By Mail.ReadBasic, which shows no bodies. https://learn.microsoft.com/graph/api/message-delta
 * @throws ProbeFailure, AppError
 */
export async function openGraphInbox(opens: Opens): Promise<Inbox> {
  const mailbox = await opens.open();
  const { date } = await readFolder(mailbox, opens.signal);
  return new GraphInbox(opens, { mailbox, date });
}

class GraphInbox implements Inbox {
  readonly #open: Opens["open"];
  readonly #outer: AbortSignal;
  readonly #mark: string;
  readonly #closing = new AbortController();
  #opened: { mailbox: GraphMailbox; atMs: number };
  /** The server's time when it was opened. */
  readonly #begun: Date;
  #pollMs = FIRST_POLL_MS;
  /** A link that brought nothing is not stored, and its successor is good for the same. */
  #ahead = { of: "", link: "" };

  constructor(
    { open, signal, mark }: Opens,
    { mailbox, date }: { mailbox: GraphMailbox; date: Date },
  ) {
    this.#open = open;
    this.#outer = signal;
    this.#mark = `${mark} `;
    this.#opened = { mailbox, atMs: elapsed() };
    this.#begun = date;
    signal.addEventListener("abort", this.close, { once: true });
  }

  close = (): void => {
    this.#outer.removeEventListener("abort", this.close);
    this.#closing.abort();
  };

  async *readOn({ deltaLink, readUntil }: InboxPosition): AsyncGenerator<InboxPart> {
    const mailbox = await this.#mailbox();
    const { signal } = this.#closing;
    const ask: Ask = (link) => readPage(mailbox, link, signal);
    const stored = deltaLink?.startsWith(this.#mark) ? deltaLink.slice(this.#mark.length) : "";
    if (isOwnLink(mailbox, stored) && !(yield* this.#isGoneAfter(stored, ask))) return;
    const since = readUntil ? new Date(readUntil.getTime() - OVERLAP_MS) : this.#begun;
    yield* this.#readRound({ first: deltaSince(mailbox, since), stored: "" }, ask);
  }

  /** @returns whether the state behind the link is no longer there */
  async *#isGoneAfter(stored: string, ask: Ask): AsyncGenerator<InboxPart, boolean> {
    const { of, link } = this.#ahead;
    try {
      yield* this.#readRound({ first: of === stored ? link : stored, stored }, ask);
      return false;
    } catch (error) {
      if (error instanceof ProbeFailure && GONE.test(error.failure.code ?? "")) return true;
      throw error;
    }
  }

  /** No order is promised: how far it was read in time is known at the end of a round. */
  async *#readRound({ first, stored }: Round, ask: Ask): AsyncGenerator<InboxPart> {
    let last = stored;
    let readUntil: Date | null = null;
    for await (const { messages, link, isLast } of pagesFrom(first, ask)) {
      readUntil = newestOf(messages, readUntil);
      const endsWithNews = isLast && (stored === "" || readUntil !== null);
      if (messages.length === 0 && !endsWithNews) {
        this.#ahead = { of: last, link };
        continue;
      }
      last = link;
      const position = { uidValidity: null, lastUid: 0, deltaLink: this.#mark + link };
      yield { messages, position: { ...position, readUntil: isLast ? readUntil : null } };
    }
  }

  async readNewest(count: number): Promise<ListedMessage[]> {
    return readNewest(await this.#mailbox(), count, this.#closing.signal);
  }

  async untilNews(): Promise<void> {
    const { signal } = this.#closing;
    await sleep(this.#pollMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw probeFailure("mail.connection_lost");
    this.#pollMs = Math.min(2 * this.#pollMs, POLL_MS);
  }

  async #mailbox(): Promise<GraphMailbox> {
    if (elapsed() - this.#opened.atMs > KEPT_MS)
      this.#opened = { mailbox: await this.#open(), atMs: elapsed() };
    return this.#opened.mailbox;
  }
}

const folderSchema = z.object({ totalItemCount: z.number().catch(0) });

/** Whether the mailbox opens, how much is in it, and the server's time. */
export async function readFolder(mailbox: GraphMailbox, signal?: AbortSignal) {
  const reply = await getFromGraph(
    mailbox,
    `${inboxOf(mailbox)}?$select=id,totalItemCount`,
    signal,
  );
  const folder = parsed(folderSchema, reply);
  const [said, now] = [new Date(reply.headers.date ?? ""), wallTime()];
  const isNear = Math.abs(said.getTime() - now.getTime()) < OVERLAP_MS;
  return { messages: folder.totalItemCount, date: isNear ? said : now };
}

/** Whether what is new can be told, as capture asks for it. */
export async function readChanges(mailbox: GraphMailbox, signal: AbortSignal): Promise<void> {
  await readPage(mailbox, deltaSince(mailbox, wallTime()), signal);
}

/** @param count at most 100 */
async function readNewest(mailbox: GraphMailbox, count: number, signal?: AbortSignal) {
  const order = encodeURIComponent("receivedDateTime desc");
  const query = `$top=${count}&$orderby=${order}&$select=${SELECTED}`;
  const reply = await getFromGraph(mailbox, `${inboxOf(mailbox)}/messages?${query}`, signal);
  return rowsIn(parsed(pageSchema, reply).value)
    .slice(0, count)
    .map((row): ListedMessage => {
      return { ...receivedFrom(row), uid: null, isSeen: row.isRead, sizeBytes: null };
    });
}

const inboxOf = ({ address }: GraphMailbox) => `${address}/mailFolders/inbox`;

function deltaSince(mailbox: GraphMailbox, date: Date): string {
  const filter = encodeURIComponent(`receivedDateTime ge ${date.toISOString()}`);
  const query = `changeType=created&$select=${SELECTED},internetMessageHeaders&$filter=${filter}`;
  return `${inboxOf(mailbox)}/messages/delta?${query}`;
}

const pageSchema = z.object({
  value: z.array(z.unknown()),
  "@odata.nextLink": z.string().nullish(),
  "@odata.deltaLink": z.string().nullish(),
});

type Page = { messages: ReceivedMessage[]; link: string; isLast: boolean };
type Ask = (link: string) => Promise<Page>;
/** From a link that is stored, or none. */
type Round = { first: string; stored: string };

async function* pagesFrom(first: string, ask: Ask): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let page: Page | undefined;
  do {
    page = await ask(page?.link ?? first);
    if (seen.has(page.link) || seen.size === MAX_PAGES)
      throw probeFailure("graph.malformed_answer");
    seen.add(page.link);
    yield page;
  } while (!page.isLast);
}

/** The state behind a link may be gone at any time: 410, or 40x with one of these codes. */
const GONE = /^(?:410\b|40\d (?:SyncStateNotFound|resyncRequired|InvalidSyncStateData)\b)/i;

async function readPage(mailbox: GraphMailbox, link: string, signal: AbortSignal): Promise<Page> {
  const reply = await getFromGraph(mailbox, link, signal);
  const { value, "@odata.nextLink": next, "@odata.deltaLink": delta } = parsed(pageSchema, reply);
  const following = next ?? delta;
  if (!following) throw probeFailure("graph.unclear_answer");
  // Told at once, and never stored.
  if (following.length > MAX_LINK || !isOwnLink(mailbox, following))
    throw probeFailure("graph.malformed_answer");
  const messages = rowsIn(value).map(receivedFrom);
  return { messages, link: new URL(following).href, isLast: !next };
}

function parsed<S extends z.ZodType>(schema: S, { body }: HttpsReply): z.output<S> {
  const found = readJson(schema, body);
  if (found === undefined) throw probeFailure("graph.unclear_answer");
  return found;
}
