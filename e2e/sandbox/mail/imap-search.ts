import { type Argument, ImapSyntaxError, parseSequenceSet } from "./imap-parser";
import type { StoredMessage } from "./store";

interface Candidate {
  message: StoredMessage;
  sequence: number;
}

type Test = (candidate: Candidate) => boolean;

interface Bounds {
  largestSequence: number;
  largestUid: number;
}

const FLAG_KEY = /^(UN)?(SEEN|ANSWERED|FLAGGED|DELETED|DRAFT)$/;
const HEADER_KEYS = new Set(["FROM", "TO", "CC", "BCC", "SUBJECT"]);

/** Turns SEARCH's arguments into one test. */
export function compileSearch(args: readonly Argument[], bounds: Bounds): Test {
  const queue = [...args];
  const tests: Test[] = [];
  while (queue.length > 0) tests.push(nextTest(queue, bounds));
  return (candidate) => tests.every((test) => test(candidate));
}

function nextTest(queue: Argument[], bounds: Bounds): Test {
  const key = queue.shift();
  if (key === undefined) throw new ImapSyntaxError("Search key missing.");
  if (Array.isArray(key)) return compileSearch(key, bounds);
  const name = key.toUpperCase();
  const [, un, word = ""] = FLAG_KEY.exec(name) ?? [];
  if (word) return ({ message }) => hasFlag(message, word) !== (un !== undefined);
  if (HEADER_KEYS.has(name)) return headerTest(name, text(queue));
  return otherTest(name, queue, bounds);
}

function hasFlag({ flags }: StoredMessage, word: string): boolean {
  return flags.has(`\\${word.slice(0, 1)}${word.slice(1).toLowerCase()}`);
}

function otherTest(name: string, queue: Argument[], bounds: Bounds): Test {
  switch (name) {
    case "ALL":
      return () => true;
    case "NOT": {
      const test = nextTest(queue, bounds);
      return (candidate) => !test(candidate);
    }
    case "UID": {
      const includes = parseSequenceSet(text(queue), bounds.largestUid);
      return ({ message }) => includes(message.uid);
    }
    case "HEADER":
      return headerTest(text(queue), text(queue));
    case "SINCE": {
      const day = Date.parse(`${text(queue).replace(/-/g, " ")} UTC`);
      return ({ message }) => message.receivedAt.getTime() >= day;
    }
    default: {
      const includes = parseSequenceSet(name, bounds.largestSequence);
      return ({ sequence }) => includes(sequence);
    }
  }
}

function headerTest(header: string, wanted: string): Test {
  const needle = wanted.toLowerCase();
  return ({ message }) => {
    const value = message.mime.headers.get(header.toLowerCase());
    return value?.toLowerCase().includes(needle) ?? false;
  };
}

function text(queue: Argument[]): string {
  const value = queue.shift();
  if (typeof value !== "string") throw new ImapSyntaxError("Search value missing.");
  return value;
}
