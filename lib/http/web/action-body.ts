/**
 * Whether React could read what a browser sends for a Server Action: it fails on anything else, and Next.js would
 * answer with an error of the server. Our pages send plain values, and the fields of a form.
 *
 * @param isCalled whether the request names its action, as a page with JavaScript does
 */
export function isActionBody(type: string, body: Buffer, isCalled: boolean): boolean {
  if (!type.toLowerCase().startsWith("multipart/form-data"))
    return !isCalled || isArguments(body.toString());
  const fields = readFields(type, body);
  if (fields === null) return false;
  const names = [...fields.keys()];
  if (!isCalled) return names.some((name) => ACTION.test(name)) && !names.some(isReference);
  return isArguments(fields.get("0") ?? "", { hasForms: true }) && names.every(isCalledField);
}

/** Of a form that is sent without JavaScript: it names its action in a field. */
const ACTION = /^\$ACTION_ID_[0-9a-f]{40,64}$/;
const isReference = (name: string) =>
  name === "__proto__" || /^\d/.test(name) || (name.startsWith("$") && !ACTION.test(name));
/** The arguments are 0; the fields of a form among them begin with its number. */
const isCalledField = (name: string) => name === "0" || /^_[1-9]\d*_/.test(name);

function isArguments(text: string, { hasForms = false } = {}): boolean {
  const found = parse(text);
  return Array.isArray(found) && isReadable(found, { root: found, hasForms });
}

type Within = { root: unknown[]; hasForms: boolean };

function isReadable(value: unknown, within: Within): boolean {
  if (typeof value === "string") return !value.startsWith("$") || isMarked(value, within);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every((each) => isReadable(each, within));
}

/** A value that JSON has none for, an escaped dollar, or the place of an object that is there already. */
const LITERAL =
  /^\$(?:\$[\s\S]*|undefined|NaN|-?Infinity|-0|T|D\d{4}-[\d:.TZ-]{1,24}|n-?\d{1,1000})$/;
const FORM = /^\$K[1-9a-f][0-9a-f]*$/;

function isMarked(text: string, { root, hasForms }: Within): boolean {
  if (LITERAL.test(text) || (hasForms && FORM.test(text))) return true;
  const [first, ...path] = text.split(":");
  if (first !== "$0" || path.length === 0) return false;
  let at: unknown = root;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return false;
    at = Reflect.get(at, name);
  }
  return typeof at === "object" && at !== null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns the fields of a form by name; null where it is not whole (RFC 2046 §5.1.1) */
function readFields(type: string, body: Buffer): Map<string, string> | null {
  const [, quoted, bare] = /boundary=(?:"([^"]*)"|([^;\s]+))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (!boundary) return null;
  const [, ...parts] = `\r\n${body.toString()}`.split(`\r\n--${boundary}`);
  if (!parts.pop()?.startsWith("--")) return null;
  const fields = parts.map((part): [string, string] | null => {
    const end = part.indexOf("\r\n\r\n");
    const [, name] = /^content-disposition:.*?;\s*name="([^"]*)"/im.exec(part.slice(0, end)) ?? [];
    return end < 0 || name === undefined ? null : [name, part.slice(end + 4)];
  });
  return fields.every((each) => each !== null) ? new Map(fields) : null;
}
