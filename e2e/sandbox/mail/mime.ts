/** Just enough MIME (RFC 5322, 2045) to describe a message to an IMAP client. */
export interface MimePart {
  headers: ReadonlyMap<string, string>;
  headerBytes: Buffer;
  body: Buffer;
  type: string;
  subtype: string;
  parameters: ReadonlyMap<string, string>;
  children: MimePart[];
}

const MAX_DEPTH = 8;

/** Reads a message or one of its parts. */
export function parseMime(raw: Buffer, depth = 0): MimePart {
  const split = splitAtEmptyLine(raw);
  const headers = parseHeaders(split.head);
  const contentType = parseParameterized(
    headers.get("content-type") ?? "text/plain; charset=us-ascii",
  );
  const [type = "text", subtype = "plain"] = contentType.value.split("/");
  const boundary = contentType.parameters.get("boundary");
  const isMultipart = type === "multipart" && boundary !== undefined && depth < MAX_DEPTH;
  return {
    headers,
    headerBytes: split.head,
    body: split.body,
    type,
    subtype,
    parameters: contentType.parameters,
    children: isMultipart
      ? splitParts(split.body, boundary).map((part) => parseMime(part, depth + 1))
      : [],
  };
}

/** The part with this IMAP number (`2.1`); a message without parts is its own part 1. */
export function findPart(message: MimePart, number: string): MimePart | undefined {
  let part: MimePart | undefined = message;
  for (const step of number.split(".").map(Number)) {
    if (!part) return undefined;
    part = part.children.length === 0 && step === 1 ? part : part.children[step - 1];
  }
  return part;
}

/** `value; name=value; name="value"`, as in Content-Type and Content-Disposition. */
export function parseParameterized(text: string): {
  value: string;
  parameters: ReadonlyMap<string, string>;
} {
  const parameters = new Map<string, string>();
  const [value = "", ...rest] = text.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  for (const item of rest) {
    const equals = item.indexOf("=");
    if (equals < 0) continue;
    const content = item.slice(equals + 1).trim();
    parameters.set(item.slice(0, equals).trim().toLowerCase(), content.replace(/^"(.*)"$/s, "$1"));
  }
  return { value: value.trim().toLowerCase(), parameters };
}

/** Only these header fields, with the empty line after them. */
export function selectHeaders(head: Buffer, names: readonly string[], isExcluding = false): Buffer {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const fields = head
    .toString("latin1")
    .split(/\r\n(?![ \t])/)
    .filter(Boolean);
  const kept = fields.filter((field) => {
    const name = field.slice(0, field.indexOf(":")).trim().toLowerCase();
    return wanted.has(name) !== isExcluding;
  });
  return Buffer.from([...kept, "", ""].join("\r\n"), "latin1");
}

function splitAtEmptyLine(raw: Buffer): { head: Buffer; body: Buffer } {
  if (raw.subarray(0, 2).equals(Buffer.from("\r\n")))
    return { head: raw.subarray(0, 2), body: raw.subarray(2) };
  const end = raw.indexOf("\r\n\r\n");
  return end < 0
    ? { head: raw, body: Buffer.alloc(0) }
    : { head: raw.subarray(0, end + 4), body: raw.subarray(end + 4) };
}

function parseHeaders(head: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  for (const field of head.toString("latin1").split(/\r\n(?![ \t])/)) {
    const colon = field.indexOf(":");
    if (colon <= 0) continue;
    const name = field.slice(0, colon).trim().toLowerCase();
    const value = field
      .slice(colon + 1)
      .replace(/\r\n/g, "")
      .trim();
    if (!headers.has(name)) headers.set(name, value);
  }
  return headers;
}

function splitParts(body: Buffer, boundary: string): Buffer[] {
  const text = `\r\n${body.toString("latin1")}`;
  const [, ...pieces] = text.split(`\r\n--${boundary}`);
  const parts: Buffer[] = [];
  for (const piece of pieces) {
    if (piece.startsWith("--")) break;
    parts.push(Buffer.from(piece.replace(/^[ \t]*\r\n/, ""), "latin1"));
  }
  return parts;
}
