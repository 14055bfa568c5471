import { type ByteReader, LineTooLong } from "@/lib/mail/byte-reader";

const MAX_COMMAND = 4_096;
const MAX_REPLY = 4_096;
/** A client that never reads must not fill memory. */
export const MAX_EXPECTED = 100;

export const FORWARDED: ReadonlySet<string> = new Set(["RSET", "NOOP", "HELP", "VRFY", "EXPN"]);

export const REFUSED: Readonly<Record<string, string | undefined>> = {
  AUTH: "503 5.5.1 You are logged in.",
  STARTTLS: "503 5.5.1 TLS is not possible now.",
  BDAT: "502 5.5.1 Not implemented.",
  XCLIENT: "502 5.5.1 Not implemented.",
  XFORWARD: "502 5.5.1 Not implemented.",
  TURN: "502 5.5.1 Not implemented.",
  ETRN: "502 5.5.1 Not implemented.",
};

const EHLO_REPLY = ["250-Postkey", "250-SIZE", "250-PIPELINING", "250-8BITMIME"]
  .concat("250 ENHANCEDSTATUSCODES")
  .join("\r\n");

export const ENDS_ENVELOPE: ReadonlySet<string> = new Set(["EHLO", "HELO", "RSET"]);
export const OF_ENVELOPE: ReadonlySet<string> = new Set(["RCPT", "DATA"]);
export const OF_MESSAGE: ReadonlySet<string> = new Set(["MAIL", ...OF_ENVELOPE]);

/** Temporary: the device keeps its message. */
export const SEND_AGAIN = "451 4.7.0 The message is put off. Send it again.";

/** After a refused MAIL, or without one. */
export const NO_MAIL = "503 5.5.1 Begin with MAIL.";

export const ALONE: Readonly<Record<string, string | undefined>> = {
  EHLO: EHLO_REPLY,
  HELO: "250 Postkey",
  NOOP: "250 2.0.0 OK",
  RSET: "250 2.0.0 OK",
  HELP: "214 2.0.0 Send a message.",
  VRFY: "252 2.1.5 Send some mail, it will be tried.",
  EXPN: "502 5.5.1 Not implemented.",
  RCPT: NO_MAIL,
  DATA: NO_MAIL,
  QUIT: "221 2.0.0 See you.",
};

/** RFC 5321 §4.5.3.1.9 */
export async function readCommand(client: ByteReader): Promise<Buffer | "too long" | null> {
  try {
    return await client.line(MAX_COMMAND);
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    return (await client.skipLine()) ? "too long" : null;
  }
}

/** In capitals; empty with NUL or a line break, which some servers read as a second command. */
export function readVerb(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\x00\r\n]/.test(text)) return "";
  return /^[A-Za-z]+/.exec(text)?.[0].toUpperCase() ?? "";
}

export const NO_COMMAND = "500 5.5.2 This is no command.";
export const NO_PARAMETER = "501 5.5.4 DATA takes no parameter.";
export const TOO_LONG = "500 5.5.2 The line is too long.";

/** `MAIL FROM:<ada@contoso.com> SIZE=9`; some devices omit the brackets or add a space. */
export function readMail(text: string): { address: string; parameters: string[] } | null {
  const [, bracketed, bare, rest = ""] =
    /^MAIL\s+FROM:\s*(?:<([^<>\s]*)>|([^<>\s]+))((?:\s+\S+)*)\s*$/i.exec(text) ?? [];
  const address = bracketed ?? bare;
  if (address === undefined) return null;
  return { address, parameters: rest.split(/\s+/).filter(Boolean) };
}

/** RFC 5321 §4.1.1.11 */
const NOT_OFFERED = "555 5.5.4 EHLO does not offer this parameter of MAIL.";
const NO_BODY = "501 5.5.4 BODY is 7BIT or 8BITMIME.";

/** Must not be dropped: non-ASCII headers (RFC 6531), TLS only (RFC 8689), a time (RFC 4865). */
const PROMISES: ReadonlySet<string> = new Set(["SMTPUTF8", "REQUIRETLS", "HOLDFOR", "HOLDUNTIL"]);

/** Also BINARYMIME, which needs BDAT (RFC 3030). @returns a reply; null if all may pass */
export function refusalOfParameters(parameters: readonly string[]): string | null {
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.toUpperCase().split("=");
    if (PROMISES.has(name) || (name === "BODY" && value === "BINARYMIME")) return NOT_OFFERED;
    if (name === "BODY" && value !== "7BIT" && value !== "8BITMIME") return NO_BODY;
  }
  return null;
}

/** RFC 6152 §3: 8-bit data must not go to a server without 8BITMIME; we do not convert. */
export const NOT_8_BIT =
  "554 5.6.3 The mail server accepts only ASCII, and the message contains other characters.";

/** Drops unknown parameters and AUTH= (RFC 4954 §5). @returns null if it needs 8BITMIME */
export function mailCommand(
  { address, parameters }: { address: string; parameters: readonly string[] },
  offers: ReadonlySet<string>,
): string | null {
  const takes8Bit = offers.has("8BITMIME");
  if (!takes8Bit && parameters.some((each) => /^BODY=8BITMIME$/i.test(each))) return null;
  const isKnown = (parameter: string) => {
    const [name = ""] = parameter.toUpperCase().split("=");
    return name === "BODY" ? takes8Bit : name === "SIZE" && offers.has("SIZE");
  };
  return [`MAIL FROM:<${address}>`, ...parameters.filter(isKnown)].join(" ");
}

/** RFC 5321 §4.2.1; null at the end. */
export async function readReply(server: ByteReader) {
  const lines: string[] = [];
  for (;;) {
    const line = await server.line(MAX_REPLY).catch(() => null);
    if (!line || lines.length > MAX_EXPECTED) return null;
    const text = line.toString("latin1");
    lines.push(text);
    if (!/^\d{3}-/.test(text)) return { code: Number(text.slice(0, 3)), text: lines.join("\r\n") };
  }
}
