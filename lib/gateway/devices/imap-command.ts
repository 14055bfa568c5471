import { LineTooLong } from "@/lib/mail/byte-reader";
import type { Client } from "./client";

const MAX_LINE = 8_192;
const MAX_TAG = 64;
const MAX_LITERAL = 1_024;
const MAX_LITERALS = 3;

export type ImapCommand = {
  tag: string;
  name: string;
  words: string[];
};

/** RFC 9051 §4.3, RFC 7888; empty name if invalid, null at the end. @throws LineTooLong */
export async function readImapCommand(client: Client): Promise<ImapCommand | null> {
  const parts = await readParts(client);
  if (!parts) return null;
  const [tag = "", name = "", ...words] = wordsOf(parts);
  const isTag = tag.length <= MAX_TAG && /^[^\s+*(){}%"\\\p{Cc}]+$/u.test(tag);
  if (!isTag || !/^[A-Za-z]{1,30}$/.test(name))
    return { tag: isTag ? tag : "*", name: "", words: [] };
  return { tag, name: name.toUpperCase(), words };
}

type Part = { text: string } | { literal: string };

async function readParts(client: Client): Promise<Part[] | null> {
  const parts: Part[] = [];
  for (let literals = 0; literals <= MAX_LITERALS; literals += 1) {
    const line = await client.reader.line(MAX_LINE);
    if (!line) return null;
    const text = line.toString("utf8");
    const length = LITERAL.exec(text)?.[1];
    if (length === undefined) return [...parts, { text }];
    const literal = await readLiteral(client, { length: Number(length), text });
    if (!literal) return null;
    parts.push({ text: text.replace(LITERAL, "") }, literal);
  }
  throw new LineTooLong();
}

const LITERAL = /\{(\d{1,10})(\+?)\}$/;

async function readLiteral(client: Client, { length, text }: { length: number; text: string }) {
  if (length > MAX_LITERAL) throw new LineTooLong();
  if (!text.endsWith("+}")) client.send("+ Go on.");
  const literal = await client.reader.exactly(length);
  return literal && { literal: literal.toString("utf8") };
}

function wordsOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) =>
    "literal" in part
      ? [part.literal]
      : [...part.text.matchAll(/"((?:[^"\\]|\\["\\])*)"|[^\s"]+/g)].map(
          ([word, quoted]) => quoted?.replace(/\\(["\\])/g, "$1") ?? word,
        ),
  );
}
