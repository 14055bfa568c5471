import { DAY_MS, wallTime } from "@/lib/kernel/clock";
import { isMacOf, macOf, randomToken } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";

export const BROWSER_LIFE_MS = 180 * DAY_MS;

/**
 * `id.issued.mac` of a cookie that grants nothing: failures of a browser in which someone signed in before are
 * counted apart from those of strangers (OWASP, “Device cookies”). Bound to the account: to all others it is a
 * stranger.
 */
export function newBrowser(email: string, now = wallTime().getTime()): string {
  const [id, issued] = [randomToken(), now.toString(36)];
  return `${id}.${issued}.${macOf(signed(email, id, issued))}`;
}

/** @returns the id of the browser; null when it is none, another account's, or too old */
export function browserIdOf(
  browser: string | undefined,
  email: string,
  now = wallTime().getTime(),
) {
  const [, id = "", issued = "", mac = ""] =
    /^([\w-]{43})\.([\da-z]{1,11})\.([\w-]{43})$/.exec(browser ?? "") ?? [];
  if (!isMacOf(signed(email, id, issued), mac)) return null;
  const age = now - Number.parseInt(issued, 36);
  return age < BROWSER_LIFE_MS ? id : null;
}

function signed(...parts: [email: string, id: string, issued: string]) {
  return { keyring: env().keyring, purpose: "browser-cookie", parts };
}

/** In this order: most browsers name those before them, too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/(?:Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** “Firefox on Windows”; "" where it is unknown. */
export function browserName(userAgent: string): string {
  const text = userAgent.slice(0, 500);
  const name = (known: typeof BROWSERS) => known.find(([pattern]) => pattern.test(text))?.[1];
  return [name(BROWSERS), name(SYSTEMS)].filter((part) => part !== undefined).join(" on ");
}
