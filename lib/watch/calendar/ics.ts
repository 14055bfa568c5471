import { contentLines, escapeText } from "@/lib/kernel/text/content-lines";
import { type Expiry, expiryEffect, expiryStep, expiryTitle } from "./schema";

type IcsOptions = {
  now: Date;
  /** Makes ids globally unique. */
  host: string;
  urlOf: (expiry: Expiry) => string;
};

/** Whole days (RFC 5545, RFC 7986). */
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
  return contentLines(lines);
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
  const { id, at } = expiry;
  const url = urlOf(expiry);
  const title = expiryTitle(expiry);
  return [
    "BEGIN:VEVENT",
    `UID:${id}@${host}`,
    `DTSTAMP:${utcTime(now)}`,
    `DTSTART;VALUE=DATE:${utcTime(at).slice(0, 8)}`,
    `SUMMARY:${escapeText(title)}`,
    `DESCRIPTION:${escapeText(`${expiryEffect(expiry)}\n${expiryStep(expiry)}\n${url}`)}`,
    `URL:${url}`,
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escapeText(title)}`,
    "TRIGGER:-P14D",
    "END:VALARM",
    "END:VEVENT",
  ];
}

function utcTime(at: Date): string {
  return at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
