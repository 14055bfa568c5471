import type { MailService, Verdict } from "@/lib/email-accounts/schema";

/** What becomes of passwords at a service, and from which day on. */
export type PasswordEnd = {
  protocols: readonly ("imap" | "smtp" | "pop3")[];
  /** `restricted`: only with a password made for the purpose. */
  state: "ended" | "ends" | "restricted" | "unknown";
  /** ISO day; null where none was announced. */
  day: string | null;
  text: string;
  /** The page that says so. */
  source: string | null;
};

/** An account that still signs in with a password. */
export type PasswordAccountRow = {
  id: string;
  name: string;
  key: string;
  emailAddress: string;
  service: MailService;
  active: boolean;
  username: string;
  imapVerdict: Verdict | null;
  smtpVerdict: Verdict | null;
  pop3Verdict: Verdict | null;
  lastTestedAt: Date | null;
};

export const MIGRATION_SORTS = ["name", "address", "created"] as const;
export type MigrationSort = (typeof MIGRATION_SORTS)[number];

export type MigrationProgress = { modern: number; password: number };
