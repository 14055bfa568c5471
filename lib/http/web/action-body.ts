/**
 * Whether React could read what a browser sends for a Server Action: it fails on anything else, and Next.js would
 * answer with an error of the server. Our pages send plain values, and the fields of a form.
 *
 * @param isCalled whether the request names its action, as a page with JavaScript does
 */
export function isActionBody(type: string, body: Buffer, isCalled: boolean): boolean {
  const kind = type.toLowerCase();
  // React reads the fields of no other form.
  if (kind.startsWith("application/x-www-form-urlencoded")) return !isCalled;
  if (!kind.startsWith("multipart/form-data")) return !isCalled || isArguments(body.toString());
  const fields = readFields(type, body);
  if (fields === null) return false;
  return isCalled ? isCall(fields) : isBareAction(fields);
}

type Field = { name: string; value: string; isFile: boolean };

/** Of a form that is sent without JavaScript, which has nothing but its action: it is named by a field. */
function isBareAction([field, ...others]: readonly Field[]): boolean {
  return others.length === 0 && field?.value === "" && !field.isFile && ACTION.test(field.name);
}

const ACTION = /^\$ACTION_ID_[0-9a-f]{40,64}$/;

/** The arguments are 0, once; the fields of a form among them begin with its number. */
function isCall(fields: readonly Field[]): boolean {
  const [argument, ...others] = fields.filter(({ name }) => name === "0");
  if (!argument || others.length > 0 || argument.isFile) return false;
  const isOfForm = ({ name }: Field) => name === "0" || /^_[1-9]\d*_/.test(name);
  return fields.every(isOfForm) && isArguments(argument.value, { hasForms: true });
}

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
  /^\$(?:\$[\s\S]*|undefined|NaN|-?Infinity|-0|T|D\d{4}-[\d:.TZ-]{1,24}|n-?\d{1,300})$/;
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

/** As browsers write them: parsers disagree about anything else, such as two boundaries. */
const FORM_TYPE = /^multipart\/form-data; ?boundary=("?)([\w'()+,./:=?-]{1,70})\1$/i;
const DISPOSITION = /^content-disposition: form-data; name="([^"\p{Cc}]*)"(; filename="[^"]*")?$/iu;
const CONTENT_TYPE = /^content-type: [\w.+-]+\/[\w.+-]+$/i;

/** @returns the fields of a form; null where it is not whole (RFC 2046 §5.1.1), or not as browsers send it */
function readFields(type: string, body: Buffer): Field[] | null {
  const [, , boundary] = FORM_TYPE.exec(type.trim()) ?? [];
  if (boundary === undefined) return null;
  const [, ...parts] = `\r\n${body.toString()}`.split(`\r\n--${boundary}`);
  if (!parts.pop()?.startsWith("--")) return null;
  const fields = parts.map(readField);
  return fields.every((each) => each !== null) ? fields : null;
}

function readField(part: string): Field | null {
  const end = part.indexOf("\r\n\r\n");
  const [, ...lines] = part.slice(0, Math.max(end, 0)).split("\r\n");
  const [told = "", ...others] = lines.filter((line) => !CONTENT_TYPE.test(line));
  const [, name, filename] = DISPOSITION.exec(told) ?? [];
  if (name === undefined || others.length > 0) return null;
  return { name, value: part.slice(end + 4), isFile: filename !== undefined };
}
