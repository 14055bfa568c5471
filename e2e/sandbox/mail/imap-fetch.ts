import { ImapSyntaxError, quote } from "./imap-parser";
import { findPart, type MimePart, parseMime, parseParameterized, selectHeaders } from "./mime";
import type { StoredMessage } from "./store";

const SECTION = /^BODY(\.PEEK)?\[([^\]]*)\](?:<(\d+)(?:\.(\d+))?>)?$/i;
/** Fetchmail asks for it by its old name. */
const OLD_HEADER = "RFC822.HEADER";

/** Writes one FETCH item list, such as `UID 3 FLAGS (\Seen)`, as bytes. */
export function fetchItems(message: StoredMessage, names: readonly string[]): Buffer {
  const parts = names.map((name) => fetchItem(message, name));
  const joined = parts.flatMap((part, index) => (index > 0 ? [Buffer.from(" "), part] : [part]));
  return Buffer.concat(joined);
}

/** Whether fetching this marks the message as read. */
export function marksAsRead(name: string): boolean {
  const section = SECTION.exec(name);
  return section !== null && !section[1];
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
    case "BODYSTRUCTURE":
      return Buffer.from(`${name} ${structure(message.mime)}`, "latin1");
    case OLD_HEADER:
      return literal(name, message.mime.headerBytes);
    default:
      return fetchSection(message, item);
  }
}

function fetchSection(message: StoredMessage, item: string): Buffer {
  const match = SECTION.exec(item);
  if (!match) throw new ImapSyntaxError("Unknown FETCH item.");
  const [, , section = "", start, length] = match;
  const whole = sectionBytes(message, section);
  const from = Number(start ?? 0);
  const bytes = start ? whole.subarray(from, length ? from + Number(length) : undefined) : whole;
  return literal(`BODY[${section}]${start ? `<${start}>` : ""}`, bytes);
}

function literal(label: string, bytes: Buffer): Buffer {
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
  const fields = /^HEADER\.FIELDS \(([^)]*)\)$/.exec(what)?.[1];
  if (fields === undefined) throw new ImapSyntaxError("Unknown section.");
  return selectHeaders(part.headerBytes, fields.replaceAll('"', "").split(/\s+/));
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
