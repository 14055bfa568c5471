/** A piece of a text, in UTF-16 code units. */
type Range = { start: number; end: number };

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
 * Text without anything that repeats a secret: as a whole, or twelve characters in a row. Secrets are found in clear,
 * percent-encoded and in base64 at any position in the encoded text, in any case of letters, and split by blanks, line
 * breaks and invisible marks.
 */
export function withoutSecrets(raw: string, { secrets = [], ignoring }: Filter): string {
  const text = raw.slice(0, MAX_READ);
  if (secrets.length === 0) return text;
  const { short, long, windows } = formsOf(secrets);
  const { chars, places } = viewOf(text, ignoring);
  const found = [
    ...short.flatMap((form) => findWhole(chars, form)),
    ...findRuns(chars, long, windows),
  ];
  const original = ({ start, end }: Range) => ({
    start: places[start] ?? 0,
    end: (places[end - 1] ?? 0) + 1,
  });
  return cutOut(text, found.map(original));
}

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

const INVISIBLE = /[\p{C}\p{Z}\s]/u;

/** Text in which secrets are looked for: without invisible characters, in small letters, base64url as base64. */
function viewOf(text: string, ignoring?: RegExp): { chars: string; places: number[] } {
  const seen = ignoring ? text.replace(ignoring, (match) => " ".repeat(match.length)) : text;
  const places: number[] = [];
  let chars = "";
  for (let at = 0; at < seen.length; at += 1) {
    const char = COMPARABLE[seen.charCodeAt(at)] ?? comparable(seen.charAt(at));
    if (char === "") continue;
    chars += char;
    places.push(at);
  }
  return { chars, places };
}

function comparable(char: string): string {
  if (INVISIBLE.test(char)) return "";
  const small = char.toLowerCase();
  return small.length === 1 ? small.replace("-", "+").replace("_", "/") : char;
}

/** The same for the characters that there are most of. */
const COMPARABLE: readonly string[] = Array.from({ length: 0x80 }, (_, code) =>
  comparable(String.fromCharCode(code)),
);

/** Shorter ones cannot be told from ordinary text. */
const MIN_SECRET = 4;
/** So many characters of a secret in a row are taken out. */
const RUN = 12;
/** Windows of 7 at every sixth place: a run of twelve holds one of them wholly. */
const WINDOW = 7;
const STRIDE = RUN - WINDOW + 1;

type Forms = { short: readonly string[]; long: readonly string[]; windows: ReadonlySet<string> };

const FORMS = new WeakMap<readonly string[], Forms>();

/** Computed once per list of secrets; the lists are never changed. */
function formsOf(secrets: readonly string[]): Forms {
  const known = FORMS.get(secrets);
  if (known) return known;
  const spelt = secrets.filter(({ length }) => length >= MIN_SECRET).flatMap(spellings);
  const all = [...new Set(spelt.map((form) => viewOf(form).chars))];
  const long = all.filter(({ length }) => length >= RUN);
  const windows = new Set<string>();
  for (const form of long)
    for (let at = 0; at + WINDOW <= form.length; at += STRIDE)
      windows.add(form.slice(at, at + WINDOW));
  const short = all.filter(({ length }) => length >= MIN_SECRET && length < RUN);
  const forms = { short, long, windows };
  FORMS.set(secrets, forms);
  return forms;
}

/** As it is, as a form and an address send it, and that in base64 with other bytes in front of it. */
function spellings(secret: string): string[] {
  const asForm = new URLSearchParams([["", secret]]).toString().slice(1);
  const asUri = encodeURIComponent(secret.replace(/\p{Cs}/gu, "\ufffd"));
  const texts = [...new Set([secret, asForm, asUri])];
  return [...texts, ...texts.flatMap((text) => [0, 1, 2].map((before) => inBase64(text, before)))];
}

/** The characters that tell of the secret alone, with so many bytes before it in what is encoded. */
function inBase64(text: string, before: number): string {
  return Buffer.from("\0".repeat(before) + text)
    .toString("base64")
    .slice(before === 0 ? 0 : before + 1)
    .replace(/.?={1,2}$/, "");
}

function findWhole(text: string, form: string): Range[] {
  const found: Range[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length))
    found.push({ start: at, end: at + form.length });
  return found;
}

function findRuns(text: string, forms: readonly string[], windows: ReadonlySet<string>): Range[] {
  const found: Range[] = [];
  for (let at = 0; at + WINDOW <= text.length; ) {
    let next = at + 1;
    if (windows.has(text.slice(at, at + WINDOW)))
      for (const form of forms) {
        const run = longestRun(text, at, form);
        if (run.end - run.start >= RUN) found.push(run);
        next = Math.max(next, run.end - WINDOW + 1);
      }
    at = next;
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
