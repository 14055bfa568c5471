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

const FLAG_KEYS: Readonly<Record<string, { flag: string; isSet: boolean }>> = {
  SEEN: { flag: "\\Seen", isSet: true },
  UNSEEN: { flag: "\\Seen", isSet: false },
  ANSWERED: { flag: "\\Answered", isSet: true },
  UNANSWERED: { flag: "\\Answered", isSet: false },
  FLAGGED: { flag: "\\Flagged", isSet: true },
  UNFLAGGED: { flag: "\\Flagged", isSet: false },
  DELETED: { flag: "\\Deleted", isSet: true },
  UNDELETED: { flag: "\\Deleted", isSet: false },
  DRAFT: { flag: "\\Draft", isSet: true },
  UNDRAFT: { flag: "\\Draft", isSet: false },
  OLD: { flag: "\\Recent", isSet: false },
  RECENT: { flag: "\\Recent", isSet: true },
  NEW: { flag: "\\Seen", isSet: false },
};
const HEADER_KEYS = new Set(["FROM", "TO", "CC", "BCC", "SUBJECT"]);
const DATE_KEYS = new Set(["SINCE", "BEFORE", "ON", "SENTSINCE", "SENTBEFORE", "SENTON"]);
const DAY_MS = 86_400_000;

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
  const flag = FLAG_KEYS[name];
  if (flag) return ({ message }) => message.flags.has(flag.flag) === flag.isSet;
  if (HEADER_KEYS.has(name)) return headerTest(name, text(queue));
  if (DATE_KEYS.has(name)) return dateTest(name.replace("SENT", ""), text(queue));
  return otherTest(name, queue, bounds);
}

function otherTest(name: string, queue: Argument[], bounds: Bounds): Test {
  switch (name) {
    case "ALL":
      return () => true;
    case "CHARSET":
      text(queue);
      return () => true;
    case "NOT": {
      const test = nextTest(queue, bounds);
      return (candidate) => !test(candidate);
    }
    case "OR": {
      const [left, right] = [nextTest(queue, bounds), nextTest(queue, bounds)];
      return (candidate) => left(candidate) || right(candidate);
    }
    case "UID": {
      const includes = parseSequenceSet(text(queue), bounds.largestUid);
      return ({ message }) => includes(message.uid);
    }
    case "HEADER":
      return headerTest(text(queue), text(queue));
    case "BODY":
    case "TEXT": {
      const wanted = text(queue).toLowerCase();
      return ({ message }) => message.raw.toString("latin1").toLowerCase().includes(wanted);
    }
    case "LARGER":
    case "SMALLER": {
      const size = Number(text(queue));
      return ({ message }) =>
        name === "LARGER" ? message.raw.length > size : message.raw.length < size;
    }
    case "KEYWORD":
    case "UNKEYWORD": {
      const keyword = text(queue);
      return ({ message }) => message.flags.has(keyword) === (name === "KEYWORD");
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

function dateTest(name: string, value: string): Test {
  const day = Date.parse(`${value.replace(/-/g, " ")} UTC`);
  if (Number.isNaN(day)) throw new ImapSyntaxError("Bad date.");
  return ({ message }) => {
    const at = message.receivedAt.getTime();
    if (name === "SINCE") return at >= day;
    return name === "BEFORE" ? at < day : at >= day && at < day + DAY_MS;
  };
}

function text(queue: Argument[]): string {
  const value = queue.shift();
  if (typeof value !== "string") throw new ImapSyntaxError("Search value missing.");
  return value;
}
