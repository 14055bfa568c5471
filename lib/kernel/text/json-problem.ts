const SPACE = /[ \t\n\r]*/y;
/** No control characters in it: those are escaped. */
const TEXT = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Where a text stops to be JSON (RFC 8259), counted from 1; null when it is JSON. */
export type JsonPlace = { line: number; column: number; isEnd: boolean };

/**
 * What JSON.parse says about it, it says in other words in each version, and at times with parts of the text,
 * which may be secret.
 */
export function findJsonProblem(text: string): JsonPlace | null {
  const reader = createReader(text);
  const isWhole = reader.value() && reader.isAtEnd();
  return isWhole ? null : placeOf(text, reader.position());
}

function placeOf(text: string, at: number): JsonPlace {
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, isEnd: at >= text.length };
}

/** Each function reads what it is named after, and stands at what it could not read otherwise. */
function createReader(text: string) {
  let at = 0;
  const read = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    at += found?.length ?? 0;
    return found !== undefined;
  };
  const sign = (character: string): boolean => {
    read(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const list = (end: string, item: () => boolean): boolean => {
    if (sign(end)) return true;
    do if (!item()) return false;
    while (sign(","));
    return sign(end);
  };
  const member = (): boolean => {
    read(SPACE);
    return read(TEXT) && sign(":") && value();
  };
  function value(): boolean {
    if (sign("{")) return list("}", member);
    if (sign("[")) return list("]", value);
    read(SPACE);
    return read(TEXT) || read(SCALAR);
  }
  const isAtEnd = (): boolean => {
    read(SPACE);
    return at === text.length;
  };
  return { value, isAtEnd, position: () => at };
}
