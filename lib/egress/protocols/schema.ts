export const PROTOCOL_NAMES = { imap: "IMAP", smtp: "SMTP", pop3: "POP3" } as const;

export const PROTOCOLS = [
  "imap",
  "smtp",
  "pop3",
] as const satisfies (keyof typeof PROTOCOL_NAMES)[];
export type Protocol = (typeof PROTOCOLS)[number];
