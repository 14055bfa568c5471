import { json, type WebRequest, type WebResponse } from "../http";
import { transportFault } from "../identity/transport-faults";
import type { StoredMessage } from "../mail/store";
import type { Platform } from "../platform";
import { error, GRAPH_ANSWERS, refusal } from "./errors";
import { openMailbox } from "./rights";

const PATH = /^\/v1\.0\/(me|users\/([^/]+))\/mailFolders\/inbox(?:\/(messages)(?:\/(delta))?)?$/;
const PAGE = "10";
const FILTER = /^receivedDateTime ge (\S+)$/;

/** `GET …/mailFolders/inbox`, its `messages`, and their `delta`. */
export function inboxHandler(platform: Platform, request: WebRequest): WebResponse | undefined {
  const [, place, user, messages, delta] = PATH.exec(decodeURIComponent(request.path)) ?? [];
  if (!place || request.method !== "GET") return undefined;
  const broken = transportFault(platform, { place: "graph", request });
  if (broken) return broken;
  const what = delta ?? messages ?? "inbox";
  const answer = read(platform, request, { user, what });
  platform.requests.record({ place: "graph", what, outcome: String(answer.status) });
  return answer;
}

function read(
  platform: Platform,
  request: WebRequest,
  { user, what }: { user: string | undefined; what: string },
): WebResponse {
  const opened = openMailbox(platform, request, { user, permission: "Mail.ReadBasic" });
  if ("status" in opened) return opened;
  const { mailbox } = opened;
  const where = { place: "graph" as const, mailbox: mailbox.entry.address };
  const strikes = (name: string) => platform.faults.strikes(name, where) !== undefined;
  const fault = Object.keys(GRAPH_ANSWERS).find((name) => strikes(`graph:${name}`));
  if (fault) return refusal(fault);
  const stored = mailbox.folders.find(({ name }) => name === "INBOX")?.messages ?? [];
  if (what === "inbox") return json(200, { id: "AAMkInbox", totalItemCount: stored.length });
  if (what === "delta") return changes(request, { stored, platform, strikes });
  const newest = stored.toReversed().slice(0, Number(request.query.get("$top") ?? PAGE));
  return json(200, { value: newest.map(rowOf) });
}

type Changes = {
  stored: readonly StoredMessage[];
  platform: Platform;
  strikes: (fault: string) => boolean;
};

/** A token is the first UID that was not told; without one, what is newer than the filter. */
function changes(request: WebRequest, { stored, platform, strikes }: Changes): WebResponse {
  const { query, headers } = request;
  const token = query.get("$skiptoken") ?? query.get("$deltatoken");
  if (query.has("$deltatoken") && strikes("delta:gone"))
    return error(410, { code: "SyncStateNotFound", message: "The sync state is not found." });
  const wanted = token === null ? newerThan(query, stored) : stored.filter(isFrom(Number(token)));
  if (!wanted)
    return error(400, { code: "ErrorInvalidUrlQuery", message: "The filter is not supported." });
  const [, size = PAGE] = /odata\.maxpagesize=(\d+)/.exec(String(headers.prefer)) ?? [];
  const page = wanted.slice(0, Number(size));
  const isLast = page.length === wanted.length;
  const next = ((page.at(-1) ?? stored.at(-1))?.uid ?? 0) + 1;
  const rows = page.map(rowOf);
  const value = strikes("delta:odd_rows") ? withOddRows(rows) : rows;
  const hosts = { elsewhere: "https://graph.example.test", downgraded: "http://localhost" };
  const led = (["elsewhere", "downgraded"] as const).find((name) => strikes(`delta:${name}`));
  const origin = led ? hosts[led] : platform.authority;
  const link = (name: string, first: number) => `${origin}${request.path}?${name}=${first}`;
  if (strikes("delta:endless"))
    return json(200, { value, "@odata.nextLink": link("$skiptoken", 1) });
  return isLast
    ? json(200, { value, "@odata.deltaLink": link("$deltatoken", next) })
    : json(200, { value, "@odata.nextLink": link("$skiptoken", next) });
}

const isFrom = (first: number) => (message: StoredMessage) => message.uid >= first;

function newerThan(query: URLSearchParams, stored: readonly StoredMessage[]) {
  const [, since = ""] = FILTER.exec(query.get("$filter") ?? "") ?? [];
  // A date has whole seconds on the wire.
  const sinceMs = Math.floor(Date.parse(since) / 1000) * 1000;
  if (Number.isNaN(sinceMs)) return undefined;
  return stored.filter(({ receivedAt }) => receivedAt.getTime() >= sinceMs);
}

function withOddRows(rows: object[]): object[] {
  const flagged = { id: "AAMkFlagged", isRead: true, parentFolderId: "AAMkInbox" };
  const removed = { id: "AAMkRemoved", "@removed": { reason: "deleted" } };
  return [flagged, ...rows, removed, ...rows];
}

function rowOf({ id, receivedAt, flags, mime: { headers } }: StoredMessage) {
  const people = (name: string) => peopleIn(headers.get(name) ?? "");
  const [from] = people("from");
  return {
    id,
    receivedDateTime: `${receivedAt.toISOString().slice(0, 19)}Z`,
    sentDateTime: new Date(headers.get("date") ?? receivedAt).toISOString(),
    subject: headers.get("subject") ?? "",
    internetMessageId: headers.get("message-id") ?? "",
    isRead: flags.has("\\Seen"),
    ...(from && { from }),
    replyTo: people("reply-to"),
    toRecipients: people("to"),
    // Who wrote it stands in properties alone.
    internetMessageHeaders: [...headers]
      .filter(([name]) => !["from", "to", "cc", "sender"].includes(name))
      .map(([name, value]) => ({ name, value })),
  };
}

/** `"Name, quoted" <address>`, `Name <address>` or the address alone. */
const PERSON = /(?:(?:"([^"]*)"|([^"<,]*?))\s*<)?([^\s<>",]+@[^\s<>",]+)>?/g;

function peopleIn(field: string) {
  return [...field.matchAll(PERSON)].map(([, quoted, atom = "", address = ""]) => ({
    emailAddress: { name: quoted ?? atom.trim(), address },
  }));
}
