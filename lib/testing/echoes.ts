import fc from "fast-check";

/*
 * How another system may repeat what it was sent, and whether a text still gives it away. What is looked
 * for here is written apart from the filter, so that both cannot be wrong in the same way.
 */

const ALPHABET = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~_-./+="];

/** As platforms make them; at least as long as the shortest that a form can hold. */
export const secret = fc.string({
  unit: fc.constantFrom(...ALPHABET),
  minLength: 14,
  maxLength: 400,
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
const base64url = (text: string) => Buffer.from(text).toString("base64url");

type Write = (secret: string) => string;

const ENCODINGS: readonly Write[] = [
  (text) => text,
  encodeURIComponent,
  (text) => encodeURIComponent(text).replace(/%../g, (hex) => hex.toLowerCase()),
  (text) => text.toUpperCase(),
  base64,
  base64url,
  (text) => base64(`x${text}`),
  (text) => base64url(`xy${text}z`),
  (text) => base64(`client_secret=${encodeURIComponent(text)}&scope=a`),
];

const SPLITS: readonly string[] = ["", " ", "\r\n", "\n\t", "\u200b"];

/** One way to repeat a secret: encoded, split after so many characters, cut off, with text around it. */
export const echo = fc
  .record({
    encode: fc.constantFrom(...ENCODINGS),
    between: fc.constantFrom(...SPLITS),
    every: fc.integer({ min: 1, max: 76 }),
    cutAt: fc.oneof(fc.constant(10_000), fc.integer({ min: 1, max: 300 })),
    before: fc.lorem({ maxCount: 60 }),
    after: fc.lorem({ maxCount: 5 }),
  })
  .map(({ encode, between, every, cutAt, before, after }) => ({
    write: (text: string) =>
      (
        encode(text)
          .slice(0, cutAt)
          .match(new RegExp(`.{1,${every}}`, "gs")) ?? []
      ).join(between),
    around: (text: string) => `${before} ${text} ${after}`,
  }));

/** So many characters in a row give a secret away. */
const RUN = 12;

/** What of a secret a text still shows, in clear or encoded; null when it shows nothing. */
export function leaked(text: string, value: string): string | null {
  for (const shown of readings(text))
    for (let at = 0; at + RUN <= value.length; at += 1)
      if (shown.includes(value.slice(at, at + RUN).toLowerCase())) return value.slice(at, at + RUN);
  return null;
}

/** A text as a curious person would read it. */
function readings(text: string): string[] {
  const joined = text.replace(/[\s\u200b]/g, "");
  const read = [joined, ...[0, 1, 2, 3].flatMap((from) => decodedAt(joined, from))];
  const plain = read.flatMap((each) => [each, unescaped(each), unescaped(unescaped(each))]);
  return plain.map((each) => each.toLowerCase());
}

function decodedAt(text: string, from: number): string[] {
  const runs = text.match(/[\w+/-]{16,}/g) ?? [];
  return runs.map((run) => Buffer.from(run.slice(from), "base64").toString("latin1"));
}

function unescaped(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
