type Line = { indent: number; text: string };

/** The documents of a file that has blocks and plain scalars only, as kustomize writes them. */
export function parseYaml(text: string): unknown[] {
  return text.split(/^---$/m).map((document) => {
    const lines = document
      .split("\n")
      .filter((line) => !/^\s*(?:#|$)/.test(line))
      .map((line) => ({ indent: line.search(/\S/), text: line.trim() }));
    const read = readBlock(lines);
    if (lines[0]) throw new Error(`This is not understood: ${lines[0].text}`);
    return read;
  });
}

function readBlock(lines: Line[]): unknown {
  const [first] = lines;
  if (!first) return null;
  return isItem(first) ? readList(lines, first.indent) : readMap(lines, first.indent);
}

const isItem = (line: Line | undefined) => line?.text.startsWith("- ") === true;

function readList(lines: Line[], indent: number): unknown[] {
  const items: unknown[] = [];
  for (let line = lines[0]; line?.indent === indent && isItem(line); line = lines[0]) {
    const text = line.text.slice(2);
    const isMap = /^[\w./-]+:(?: |$)/.test(text);
    if (isMap) lines[0] = { indent: indent + 2, text };
    else lines.shift();
    items.push(isMap ? readMap(lines, indent + 2) : scalarOf(text));
  }
  return items;
}

function readMap(lines: Line[], indent: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (let line = lines[0]; line?.indent === indent && !isItem(line); line = lines[0]) {
    const [, key, value] = /^([^\s:]+):(?: (.*))?$/.exec(line.text) ?? [];
    if (key === undefined || key in map) throw new Error(`This is not understood: ${line.text}`);
    lines.shift();
    map[key] = value === undefined ? readBelow(lines, indent) : scalarOf(value);
  }
  return map;
}

/** What a key without a value has: a list may stand as far left as the key. */
function readBelow(lines: Line[], indent: number): unknown {
  const [next] = lines;
  const isBelow = next && (next.indent > indent || (next.indent === indent && isItem(next)));
  return isBelow ? readBlock(lines) : null;
}

function scalarOf(text: string): unknown {
  if (text === "{}") return {};
  if (/^(?:true|false|\d+|".*")$/.test(text)) return JSON.parse(text);
  return text.replace(/^'(.*)'$/, "$1");
}
