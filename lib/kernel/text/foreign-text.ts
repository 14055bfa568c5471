/** UTF-16 code units. */
type Range = { start: number; end: number };

/** UTF-16 code units. */
const MAX_LENGTH = 512;
const MAX_READ = 20 * 1024;

const REMOVED = "[removed]";

// Bidi, zero-width and interlinear marks: the other side must not rewrite our screen.
const UNSAFE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/gu;

type Filter = {
  /** Sent with the call, in clear. */
  secrets?: readonly string[];
  /** Text of the protocol in between, such as reply codes; with flag g. */
  ignoring?: RegExp;
};

/** The only way in which words of another system are kept, logged or shown: no secrets, one line. */
export function foreignText(
  raw: string,
  { maxLength = MAX_LENGTH, ...filter }: Filter & { maxLength?: number } = {},
): string {
  // Secrets first: a truncated one cannot be recognised.
  const clean = withoutSecrets(raw, filter).replace(UNSAFE, " ").trim();
  if (clean.length <= maxLength) return clean;
  return `${clean.slice(0, maxLength - 1).replace(/\p{Cs}$/u, "")}…`;
}

export function foreignError(error: unknown, filter: Filter): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof Error && "code" in error ? { code: error.code } : {};
  return Object.assign(new Error(foreignText(message, filter)), { name, ...code });
}

/** Removes secrets and any twelve characters of one: in clear, percent-encoded, base64 at any offset, any case, or split. */
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

/** Without invisible characters, in lower case, base64url as base64. */
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

const COMPARABLE: readonly string[] = Array.from({ length: 0x80 }, (_, code) =>
  comparable(String.fromCharCode(code)),
);

/** Shorter ones look like ordinary text. */
const MIN_SECRET = 4;
const RUN = 12;
/** At every sixth place: a run of twelve contains one whole. */
const WINDOW = 7;
const STRIDE = RUN - WINDOW + 1;

type Forms = { short: readonly string[]; long: readonly string[]; windows: ReadonlySet<string> };

const FORMS = new WeakMap<readonly string[], Forms>();

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

/** In clear, form-encoded, URL-encoded, and in base64 at each offset. */
function spellings(secret: string): string[] {
  const asForm = new URLSearchParams([["", secret]]).toString().slice(1);
  const asUri = encodeURIComponent(secret.replace(/\p{Cs}/gu, "\ufffd"));
  const texts = [...new Set([secret, asForm, asUri])];
  return [...texts, ...texts.flatMap((text) => [0, 1, 2].map((before) => inBase64(text, before)))];
}

/** Only the characters that depend on the secret alone. */
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

/** For repetitive secrets, where all places look alike. */
const MAX_PLACES = 16;

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
