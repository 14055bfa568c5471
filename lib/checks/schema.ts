import { z } from "zod";
import type { AccountState } from "@/lib/email-accounts/schema";
import type { Page } from "@/lib/kernel/paging/schema";
import {
  type ProtocolReport,
  protocolReportSchema,
  type StageReport,
  type TokenNeed,
  type TranscriptLine,
  type Verdict,
} from "@/lib/mail/schema";
import { SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { FIRST_SERVICE } from "@/lib/oauth/schema";
import type { RefusedState, Remedy, RepairButton } from "@/lib/remedies/remedy";

export type { ProtocolReport, StageReport, TokenNeed, TranscriptLine };

export type TestVerdict = Extract<Verdict, "ok" | "failed">;

/** What an access token says about itself; never the token. */
const tokenSchema = z.object({
  audience: z.string().optional(),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  user: z.string().optional(),
  notBefore: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
  tenantId: z.string().optional(),
  appId: z.string().optional(),
  isGuest: z.boolean().optional(),
  /** Whether it was fetched for this test; not known of reports of earlier versions. */
  isFresh: z.boolean().optional(),
  /** Whose it is, in whose words it speaks. */
  service: z.enum(SERVICE_IDS).default(FIRST_SERVICE),
  /** What the mail servers of the provider's cloud want to be the audience. */
  scopeHost: z.string(),
});

/** A finished test as it is stored: the three protocols side by side. */
export const reportSchema = z.object({
  username: z.string(),
  emailAddress: z.string(),
  /** As the account said it then; reports of before say nothing of it. */
  mailbox: z.string().nullable().optional(),
  protocols: z.array(protocolReportSchema),
  token: tokenSchema.optional(),
});

export type TokenSummary = z.infer<typeof tokenSchema>;
export type ConnectionReport = z.infer<typeof reportSchema>;

/** What the stream tells, one JSON object a line; a failed protocol comes with its remedy. */
export type TestEvent =
  | { type: "stage"; stage: StageReport }
  | { type: "token"; needs: TokenNeed[]; isFresh: boolean }
  | { type: "protocol"; report: ExplainedProtocol }
  | {
      type: "finished";
      connectionTestId: string | null;
      /** How the account stands with it; null where it was not stored. */
      state: AccountState | RefusedState | null;
      verdict: TestVerdict;
      durationMs: number;
      /** ISO 8601. */
      startedAt: string;
    }
  | { type: "comparison"; comparison: Comparison<string> }
  | { type: "error"; code: string; message: string };

export type ExplainedProtocol = ProtocolReport & { remedy?: Remedy };

export type Difference = { what: string; before: string; now: string };

/** Beside the newest earlier report of the account in which everything worked. */
export type Comparison<Time = Date> = { goodAt: Time; differences: Difference[] };

export type FullReport = {
  name: string;
  emailAddress: string;
  startedAt: Date;
  protocols: ExplainedProtocol[];
  /** Empty where no token was used, or in reports of before it was kept. */
  token: TokenNeed[];
  /** Whether its token was fetched for it; null where it used none, or that is not known. */
  isTokenFresh: boolean | null;
  comparison: Comparison | null;
  /** What it found is mended; of a stored one. */
  passedSince?: boolean;
};

export type StoredReport = FullReport & {
  id: string;
  emailAccountId: string;
  durationMs: number;
  verdict: TestVerdict;
  passedSince: boolean;
  startedByName: string;
};

export const STRIP_HOURS = 24;

/** The tests of an account in each of the last 24 hours, the oldest first; null where there was none. */
export type TestStrip = {
  id: string;
  name: string;
  buttons: readonly RepairButton[];
  hours: ({ passed: number; failed: number } | null)[];
};

type Total = Page<unknown>["total"];

/** The last 24 hours of tests: the accounts whose last one failed, at most ten of them in detail. */
export type TestDay = { strips: TestStrip[]; failing: Total; passing: Total };
