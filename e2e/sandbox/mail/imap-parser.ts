import type { Connection } from "./connection";

/** An argument: an atom or string, or a parenthesised list of arguments. */
export type Argument = string | Argument[];

export interface ImapCommand {
  tag: string;
  name: string;
  args: Argument[];
}

const LINE_LIMIT = 64 * 1024;
const LITERAL_LIMIT = 10 * 1024 * 1024;
const MAX_LITERALS = 16;
const MAX_DEPTH = 20;

/** The command cannot be read; the session answers BAD. */
export class ImapSyntaxError extends Error {}

/** Reads one command with its literals, asking for each as the protocol wants. */
export async function readCommand(connection: Connection): Promise<ImapCommand> {
  let text = "";
  const literals: string[] = [];
  for (;;) {
    const line = await connection.readLine(LINE_LIMIT);
    const literal = /\{(\d+)(\+?)\}$/.exec(line);
    if (!literal) return parse(text + line, literals);
    const length = Number(literal[1]);
    if (length > LITERAL_LIMIT || literals.length >= MAX_LITERALS)
      throw new ImapSyntaxError("Literal too large.");
    if (!literal[2]) await connection.reply("+ Ready for additional command text.");
    literals.push((await connection.readBytes(length)).toString("latin1"));
    // NUL cannot stand in a line, so it marks where the literal goes.
    text += `${line.slice(0, literal.index)}\0`;
  }
}

/** `1:3,7,*` as a test; `*` is the largest number in use. */
export function parseSequenceSet(text: string, largest: number): (number: number) => boolean {
  const ranges = text.split(",").map((part) => {
    const [from = "", to = from] = part.split(":");
    const bounds = [from, to].map((end) => (end === "*" ? largest : Number(end)));
    if (bounds.some((bound) => !Number.isInteger(bound))) throw new ImapSyntaxError("Bad set.");
    return { low: Math.min(...bounds), high: Math.max(...bounds) };
  });
  return (number) => ranges.some(({ low, high }) => number >= low && number <= high);
}

/** `"quoted"`, with what must be escaped escaped; a literal where quoting cannot do it. */
export function quote(text: string | undefined): string {
  if (text === undefined) return "NIL";
  if (!/^[\x20-\x7e]*$/.test(text)) return `{${text.length}}\r\n${text}`;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function parse(text: string, literals: string[]): ImapCommand {
  const head = /^([^\s\0(){"]+) ([A-Za-z]+)(?: |$)/.exec(text);
  if (!head) throw new ImapSyntaxError("Command not recognised.");
  const reader = new ArgumentReader(text.slice(head[0].length), literals);
  return { tag: head[1] ?? "*", name: (head[2] ?? "").toUpperCase(), args: reader.readAll() };
}

class ArgumentReader {
  readonly #text: string;
  readonly #literals: string[];
  #at = 0;

  constructor(text: string, literals: string[]) {
    this.#text = text;
    this.#literals = [...literals];
  }

  readAll(depth = 0): Argument[] {
    const args: Argument[] = [];
    if (depth > MAX_DEPTH) throw new ImapSyntaxError("Nested too deeply.");
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === ")") break;
      if (character === " ") this.#at += 1;
      else if (character === "(") args.push(this.#readList(depth));
      else args.push(this.#readString());
    }
    return args;
  }

  #readList(depth: number): Argument[] {
    this.#at += 1;
    const items = this.readAll(depth + 1);
    if (this.#text[this.#at] !== ")") throw new ImapSyntaxError("Missing parenthesis.");
    this.#at += 1;
    return items;
  }

  #readString(): string {
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith("\0")) {
      this.#at += 1;
      return this.#literals.shift() ?? "";
    }
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
    // BODY[HEADER.FIELDS (From To)]<0.99> is one atom, spaces and all.
    const match = quoted ?? /^[^\s()[\]"\0]*\[[^\]]*\](?:<[\d.]+>)?|^[^\s()"\0]+/.exec(rest);
    if (!match) throw new ImapSyntaxError("Argument not recognised.");
    this.#at += match[0].length;
    return quoted ? (quoted[1] ?? "").replace(/\\(.)/g, "$1") : match[0];
  }
}
