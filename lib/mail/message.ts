/** What is sent, whichever way it goes. */
export type Message = {
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  /** The same for every attempt, so a duplicate is recognised (RFC 5322 §3.6.4). */
  messageId: string;
  /** Then no automatic answers are sent (RFC 3834). */
  isAutomatic: boolean;
};

/** As nodemailer takes it; these fields alone. */
export function composed({ from, to, subject, text, messageId, isAutomatic }: Message) {
  const headers = isAutomatic ? { "auto-submitted": "auto-generated" } : {};
  return { from, to: [...to], subject, text, messageId, headers };
}

/** A message reads no file and fetches no URL. */
export const READS_NOTHING = { disableFileAccess: true, disableUrlAccess: true } as const;
