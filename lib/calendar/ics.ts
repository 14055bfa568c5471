import { namesText } from "@/lib/incidents/schema";
import { type Expiry, expiryStep, expiryTitle } from "./schema";

type IcsOptions = {
  now: Date;
  /** The host that makes the ids unique in the world. */
  host: string;
  /** Where people read more about it. */
  urlOf: (expiry: Expiry) => string;
};

/** The expiries as a calendar of whole days (RFC 5545, with the names of RFC 7986). */
export function toIcs(expiries: Expiry[], options: IcsOptions): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Postkey//Expiries//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "NAME:Postkey",
    "X-WR-CALNAME:Postkey",
    "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    "X-PUBLISHED-TTL:PT12H",
    ...(expiries.length === 0 ? ANY_COMPONENT : expiries.flatMap((each) => event(each, options))),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

/** §3.6: a calendar has at least one component. */
const ANY_COMPONENT = [
  "BEGIN:VTIMEZONE",
  "TZID:Etc/UTC",
  "BEGIN:STANDARD",
  "DTSTART:19700101T000000",
  "TZOFFSETFROM:+0000",
  "TZOFFSETTO:+0000",
  "END:STANDARD",
  "END:VTIMEZONE",
];

function event(expiry: Expiry, { now, host, urlOf }: IcsOptions): string[] {
  const { id, at, accounts, accountNames } = expiry;
  const url = urlOf(expiry);
  const stops =
    accounts === 0
      ? "No active email account depends on it."
      : `Stops ${accounts} ${accounts === 1 ? "account" : "accounts"}: ${namesText(accountNames, accounts)}.`;
  const title = expiryTitle(expiry);
  return [
    "BEGIN:VEVENT",
    `UID:${id}@${host}`,
    `DTSTAMP:${utcTime(now)}`,
    `DTSTART;VALUE=DATE:${utcDate(at)}`,
    `SUMMARY:${text(title)}`,
    `DESCRIPTION:${text(`${stops}\n${expiryStep(expiry)}\n${url}`)}`,
    `URL:${url}`,
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${text(title)}`,
    "TRIGGER:-P14D",
    "END:VALARM",
    "END:VEVENT",
  ];
}

/** §3.3.11: text with its special characters marked; controls would end the line. */
function text(value: string): string {
  return value
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n?|\n/g, "\\n")
    .replace(/\p{Cc}/gu, "");
}

const LINE_OCTETS = 75;

/** §3.1: lines of 75 octets at the most, never broken within a character. */
function fold(line: string): string {
  const lines: string[] = [];
  let current = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS) {
      lines.push(current);
      current = " ";
      octets = 1;
    }
    current += character;
    octets += size;
  }
  return [...lines, current].join("\r\n");
}

function utcDate(at: Date): string {
  return at.toISOString().slice(0, 10).replaceAll("-", "");
}

function utcTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
