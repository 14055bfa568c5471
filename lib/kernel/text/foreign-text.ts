import {
  bytesOf,
  comparable,
  decode,
  isEncoded,
  type Range,
  type View,
  viewOf,
} from "./comparable-text";
import { indexWindows, type MayHold } from "./window-index";

/** Longest text that is kept, in UTF-16 code units. */
const MAX_LENGTH = 512;
/** No more is looked at: whatever stands behind it is dropped. */
const MAX_READ = 20 * 1024;

const REMOVED = "[removed]";

// Control characters, and the marks that reorder or hide text on the screen (Unicode Bidi_Control,
// zero-width and interlinear marks): the other side must not rewrite what stands beside its words.
const UNSAFE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/gu;

type Filter = {
  /** What went out with the call that this answers, in clear. */
  secrets?: readonly string[];
  /** What a protocol puts in between by itself, such as the code before each line; with the flag g. */
  ignoring?: RegExp;
};

/**
 * The only way in which words of another system may be kept, logged or shown: without any part of what
 * was sent to it in confidence, on one line, without control marks, and short.
 *
 * @returns at most `maxLength` UTF-16 code units, 512 unless told
 */
export function foreignText(
  raw: string,
  { maxLength = MAX_LENGTH, ...filter }: Filter & { maxLength?: number } = {},
): string {
  // First the secrets: one that was cut through could not be told any more.
  const clean = withoutSecrets(raw, filter).replace(UNSAFE, " ").trim();
  if (clean.length <= maxLength) return clean;
  return `${clean.slice(0, maxLength - 1).replace(/\p{Cs}$/u, "")}…`;
}

/** The same for an error of a library, which quotes the other side: its name, its code and its words. */
export function foreignError(error: unknown, filter: Filter): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof Error && "code" in error ? { code: error.code } : {};
  return Object.assign(new Error(foreignText(message, filter)), { name, ...code });
}

/**
 * Text without anything that repeats a secret: as a whole, or twelve characters in a row. Secrets are found
 * in clear, in base64 at any position in the encoded text, in hexadecimal, percent-encoded, escaped for JSON
 * or HTML, in any case of letters, and split by blanks, line breaks and invisible marks.
 */
export function withoutSecrets(raw: string, { secrets = [], ignoring }: Filter): string {
  const text = raw.slice(0, MAX_READ);
  if (secrets.length === 0) return text;
  const forms = formsOf(secrets);
  if (isFree(bytesOf(text, ignoring), forms)) return text;
  const ranges: Range[] = [];
  let view = viewOf(text, ignoring);
  for (let pass = 0; pass <= MAX_DECODED; pass += 1) {
    ranges.push(...findForms(view, forms));
    if (!isEncoded(view.bytes)) break;
    const decoded = decode(view);
    if (decoded.bytes === view.bytes) break;
    view = decoded;
  }
  return cutOut(text, ranges);
}

/** Encoded once by us, and again by a system that quotes us. */
const MAX_DECODED = 4;

/** Lines stay lines: what goes over several of them is taken out of each. */
function cutOut(text: string, ranges: Range[]): string {
  let kept = "";
  let at = 0;
  for (const { start, end } of ranges.sort((one, other) => one.start - other.start)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    const cut = text.slice(from, end).split("\n");
    const mark = cut.map((piece) => (piece.trim() === "" ? "" : REMOVED)).join("\n");
    const isSame = from === at && kept.endsWith(REMOVED) && mark === REMOVED;
    kept += text.slice(at, from) + (isSame ? "" : mark);
    at = end;
  }
  return kept + text.slice(at);
}

/** Shorter ones cannot be told from ordinary text. */
const MIN_SECRET = 4;

type Forms = { short: readonly string[]; long: readonly string[]; mayHold: MayHold };

const FORMS = new WeakMap<readonly string[], Forms>();

/** Computed once per list of secrets; the lists are never changed. */
function formsOf(secrets: readonly string[]): Forms {
  const known = FORMS.get(secrets);
  if (known) return known;
  const all = allFormsOf(secrets);
  const long = all.filter(({ length }) => length >= RUN);
  const forms = {
    short: all.filter(({ length }) => length < RUN),
    long,
    mayHold: indexWindows(long, WINDOW),
  };
  FORMS.set(secrets, forms);
  return forms;
}

function allFormsOf(secrets: readonly string[]): string[] {
  const forms = [...new Set(secrets)]
    .filter((secret) => secret.length >= MIN_SECRET)
    .flatMap(spelt);
  return [...new Set(forms)].filter((form) => form.length >= MIN_SECRET);
}

/** What decoding does not find out: encodings of the secret as it is, and as a form sends it. */
function spelt(secret: string): string[] {
  const asForm = new URLSearchParams([["", secret]]).toString().slice(1);
  const asUri = encodeURIComponent(secret.replace(/\p{Cs}/gu, "\ufffd"));
  const encoded = [...new Set([secret, asForm, asUri])].flatMap((text) => [
    ...[0, 1, 2].map((before) => inBase64(text, before)),
    Buffer.from(text).toString("hex"),
  ]);
  return [squeezed(secret), squeezed(secret.replaceAll(" ", "+")), ...encoded.map(comparable)];
}

/** As in a view of the text; what is visible ASCII throughout has nothing to leave out. */
function squeezed(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? comparable(text) : bytesOf(text);
}

/** The characters that tell of the secret alone, with so many bytes before it in what is encoded. */
function inBase64(text: string, before: number): string {
  return Buffer.from("\0".repeat(before) + text)
    .toString("base64")
    .slice(before === 0 ? 0 : before + 1)
    .replace(/.?={1,2}$/, "");
}

/** So many characters of a secret in a row are taken out. */
const RUN = 12;
/** Windows of 7 at every sixth place: a run of twelve holds one of them wholly. */
const WINDOW = 7;
const STRIDE = RUN - WINDOW + 1;

/** Nearly every text repeats nothing: that is found out without the places of its characters. */
function isFree(bytes: string, { short, long, mayHold }: Forms): boolean {
  if (isEncoded(bytes) || short.some((form) => bytes.includes(form))) return false;
  for (let at = 0; at + WINDOW <= bytes.length; at += STRIDE)
    if (mayHold(bytes, at) && isIn(long, bytes.slice(at, at + WINDOW))) return false;
  return true;
}

function isIn(forms: readonly string[], piece: string): boolean {
  return forms.some((form) => form.includes(piece));
}

function findForms(view: View, { short, long, mayHold }: Forms): Range[] {
  return [
    ...short.flatMap((form) => findWhole(view, form)),
    ...long.flatMap((form) => findRuns(view, form, mayHold)),
  ];
}

function findWhole(view: View, form: string): Range[] {
  const found: Range[] = [];
  for (let at = view.bytes.indexOf(form); at >= 0; at = view.bytes.indexOf(form, at + form.length))
    found.push(original(view, { start: at, end: at + form.length }));
  return found;
}

function findRuns(view: View, form: string, mayHold: MayHold): Range[] {
  const found: Range[] = [];
  for (let at = 0; at + WINDOW <= view.bytes.length; ) {
    if (!mayHold(view.bytes, at)) {
      at += STRIDE;
      continue;
    }
    const run = longestRun(view.bytes, at, form);
    if (run.end - run.start >= RUN) found.push(original(view, run));
    at = Math.max(at + STRIDE, run.end - WINDOW + 1);
  }
  return found;
}

/** Of a secret that repeats itself; in each of them the same stands around the window. */
const MAX_PLACES = 16;

/** The longest piece of the form that stands in the text around this place. */
function longestRun(text: string, at: number, form: string): Range {
  const window = text.slice(at, at + WINDOW);
  let longest = { start: at, end: at };
  let place = form.indexOf(window);
  for (let tried = 0; place >= 0 && tried < MAX_PLACES; tried += 1) {
    let before = 0;
    while (place > before && at > before && text[at - before - 1] === form[place - before - 1])
      before += 1;
    let length = WINDOW;
    while (at + length < text.length && text[at + length] === form[place + length]) length += 1;
    if (before + length > longest.end - longest.start)
      longest = { start: at - before, end: at + length };
    place = form.indexOf(window, place + 1);
  }
  return longest;
}

function original({ starts, ends }: View, { start, end }: Range): Range {
  return { start: starts[start] ?? 0, end: ends[end - 1] ?? 0 };
}
