import type { ByteReader } from "./byte-reader";

const MAX_REPLY = 4_096;
const MAX_LINES = 100;

/** `MAIL FROM:<ada@contoso.com> SIZE=9`; some devices leave out the brackets, or add a space. */
export function readMail(text: string): { address: string; parameters: string[] } | null {
  const [, bracketed, bare, rest = ""] =
    /^MAIL\s+FROM:\s*(?:<([^<>\s]*)>|([^<>\s]+))((?:\s+\S+)*)\s*$/i.exec(text) ?? [];
  const address = bracketed ?? bare;
  if (address === undefined) return null;
  return { address, parameters: rest.split(/\s+/).filter(Boolean) };
}

/** One reply of one or more lines (RFC 5321 §4.2.1); null once the server has ended. */
export async function readReply(
  server: ByteReader,
): Promise<{ code: number; text: string } | null> {
  const lines: string[] = [];
  for (;;) {
    const line = await server.line(MAX_REPLY).catch(() => null);
    if (!line || lines.length > MAX_LINES) return null;
    const text = line.toString("latin1");
    lines.push(text);
    if (!/^\d{3}-/.test(text)) return { code: Number(text.slice(0, 3)), text: lines.join("\r\n") };
  }
}
