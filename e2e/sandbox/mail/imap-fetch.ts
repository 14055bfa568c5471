import { ImapSyntaxError, quote } from "./imap-parser";
import { findPart, type MimePart, parseMime, parseParameterized, selectHeaders } from "./mime";
import type { StoredMessage } from "./store";

const MACROS: Readonly<Record<string, string[]>> = {
  ALL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"],
  FAST: ["FLAGS", "INTERNALDATE", "RFC822.SIZE"],
  FULL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"],
};
const SECTION = /^(?:BODY(\.PEEK)?|BINARY(\.PEEK)?)\[([^\]]*)\](?:<(\d+)(?:\.(\d+))?>)?$/i;
const OLD_SECTIONS: Readonly<Record<string, string>> = {
  RFC822: "BODY[]",
  "RFC822.HEADER": "BODY.PEEK[HEADER]",
  "RFC822.TEXT": "BODY[TEXT]",
};

/** Writes one FETCH item list, such as `UID 3 FLAGS (\Seen)`, as bytes. */
export function fetchItems(message: StoredMessage, names: readonly string[]): Buffer {
  const items = names.flatMap((name) => MACROS[name.toUpperCase()] ?? [name]);
  const parts = items.map((item) => fetchItem(message, item));
  const joined = parts.flatMap((part, index) => (index > 0 ? [Buffer.from(" "), part] : [part]));
  return Buffer.concat(joined);
}

/** Whether fetching this marks the message as read. */
export function marksAsRead(name: string): boolean {
  const section = SECTION.exec(OLD_SECTIONS[name.toUpperCase()] ?? name);
  return section !== null && !section[1] && !section[2];
}

function fetchItem(message: StoredMessage, item: string): Buffer {
  const name = item.toUpperCase();
  switch (name) {
    case "UID":
      return Buffer.from(`UID ${message.uid}`);
    case "FLAGS":
      return Buffer.from(`FLAGS (${[...message.flags].join(" ")})`);
    case "INTERNALDATE":
      return Buffer.from(`INTERNALDATE "${internalDate(message.receivedAt)}"`);
    case "RFC822.SIZE":
      return Buffer.from(`RFC822.SIZE ${message.raw.length}`);
    case "ENVELOPE":
      return Buffer.from(`ENVELOPE ${envelope(message.mime)}`, "latin1");
    case "BODY":
    case "BODYSTRUCTURE":
      return Buffer.from(`${name} ${structure(message.mime)}`, "latin1");
    default:
      return fetchSection(message, item);
  }
}

function fetchSection(message: StoredMessage, item: string): Buffer {
  const old = OLD_SECTIONS[item.toUpperCase()];
  const match = SECTION.exec(old ?? item);
  if (!match) throw new ImapSyntaxError("Unknown FETCH item.");
  const [, , , section = "", start, length] = match;
  const whole = sectionBytes(message, section);
  const from = Number(start ?? 0);
  const bytes = start ? whole.subarray(from, length ? from + Number(length) : undefined) : whole;
  const label = old ? item.toUpperCase() : `BODY[${section}]${start ? `<${start}>` : ""}`;
  return Buffer.concat([Buffer.from(`${label} {${bytes.length}}\r\n`, "latin1"), bytes]);
}

function sectionBytes(message: StoredMessage, section: string): Buffer {
  const match = /^(?:([\d.]*\d)\.?)?(.*)$/s.exec(section);
  const number = match?.[1];
  const what = (match?.[2] ?? "").toUpperCase();
  if (!number) return what === "" ? message.raw : partBytes(message.mime, what);
  const part = findPart(message.mime, number);
  if (!part) return Buffer.alloc(0);
  if (what === "") return part.body;
  if (what === "MIME") return part.headerBytes;
  return partBytes(part.type === "message" ? parseMime(part.body) : part, what);
}

function partBytes(part: MimePart, what: string): Buffer {
  if (what === "TEXT") return part.body;
  if (what === "HEADER") return part.headerBytes;
  const fields = /^HEADER\.FIELDS(\.NOT)? \(([^)]*)\)$/.exec(what);
  if (!fields) throw new ImapSyntaxError("Unknown section.");
  const names = (fields[2] ?? "").split(/\s+/).map((name) => name.replace(/"/g, ""));
  return selectHeaders(part.headerBytes, names, fields[1] !== undefined);
}

function envelope(mime: MimePart): string {
  const header = (name: string) => mime.headers.get(name);
  const from = header("from");
  return `(${[
    quote(header("date")),
    quote(header("subject")),
    addresses(from),
    addresses(header("sender") ?? from),
    addresses(header("reply-to") ?? from),
    addresses(header("to")),
    addresses(header("cc")),
    addresses(header("bcc")),
    quote(header("in-reply-to")),
    quote(header("message-id")),
  ].join(" ")})`;
}

function addresses(value: string | undefined): string {
  if (!value?.trim()) return "NIL";
  const items = value.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((item) => {
    const angled = /^(.*)<([^>]*)>\s*$/s.exec(item);
    const address = (angled?.[2] ?? item).trim();
    const name = angled?.[1]?.trim().replace(/^"(.*)"$/s, "$1") || undefined;
    const at = address.lastIndexOf("@");
    const local = at < 0 ? address : address.slice(0, at);
    const domain = at < 0 ? undefined : address.slice(at + 1);
    return `(${quote(name)} NIL ${quote(local)} ${quote(domain)})`;
  });
  return `(${items.join("")})`;
}

function structure(part: MimePart): string {
  const disposition = dispositionOf(part);
  if (part.children.length > 0) {
    const children = part.children.map(structure).join("");
    return `(${children} ${quote(part.subtype)} ${parameterList(part.parameters)} ${disposition} NIL)`;
  }
  const encoding = part.headers.get("content-transfer-encoding") ?? "7bit";
  const lines = part.body.toString("latin1").split("\r\n").length;
  const basic = [
    quote(part.type),
    quote(part.subtype),
    parameterList(part.parameters),
    quote(part.headers.get("content-id")),
    quote(part.headers.get("content-description")),
    quote(encoding),
    String(part.body.length),
    ...(part.type === "text" ? [String(lines)] : []),
  ];
  return `(${basic.join(" ")} NIL ${disposition} NIL)`;
}

function dispositionOf(part: MimePart): string {
  const header = part.headers.get("content-disposition");
  if (!header) return "NIL";
  const { value, parameters } = parseParameterized(header);
  return `(${quote(value)} ${parameterList(parameters)})`;
}

function parameterList(parameters: ReadonlyMap<string, string>): string {
  if (parameters.size === 0) return "NIL";
  return `(${[...parameters].map(([name, value]) => `${quote(name)} ${quote(value)}`).join(" ")})`;
}

/** `25-Nov-2026 08:00:00 +0000`. */
function internalDate(date: Date): string {
  const [, day = "", month = "", year = "", time = ""] = date.toUTCString().split(" ");
  return `${day}-${month}-${year} ${time} +0000`;
}
