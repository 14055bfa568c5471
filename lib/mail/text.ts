/** Longest server text that is kept, in UTF-16 code units. */
const MAX_SERVER_TEXT = 512;

// Control characters, and the marks that reorder or hide text on the screen (Unicode Bidi_Control,
// zero-width and interlinear marks): a server must not be able to rewrite what stands beside it.
const UNSAFE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/gu;

// Base64 of "user=", "auth=" or a JWT header, as a server that echoes a command would show it.
const CREDENTIAL = /\b(?:dXNlcj|YXV0aD|eyJ)[\w+/=.-]{16,}/g;

/** Server text made safe to store and show: one line, at most 512 characters, no control marks. */
export function safeServerText(raw: string): string {
  // Cut before the expensive part, so that a 64 KiB line costs no more than a short one.
  const head = raw.slice(0, 4 * MAX_SERVER_TEXT);
  const clean = head.replace(CREDENTIAL, "…").replace(UNSAFE, " ").trim();
  if (clean.length <= MAX_SERVER_TEXT) return clean;
  return `${clean.slice(0, MAX_SERVER_TEXT - 1).replace(/\p{Cs}$/u, "")}…`;
}

/** As a report shows it: `1 message`, `3 messages`. */
export function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
