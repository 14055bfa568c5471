import type { MailHosts } from "@/lib/egress/schema";
import { fromNow } from "@/lib/kernel/clock";
import { SealError } from "@/lib/kernel/crypto";
import type { AppError, ErrorCode } from "@/lib/kernel/errors";
import { mailService } from "@/lib/mail/services/schema";
import { findCloud, withHosts } from "@/lib/oauth/configured-clouds";
import { platformTime } from "@/lib/oauth/https";
import { serviceOf } from "@/lib/oauth/services";
import { refusedBy } from "@/lib/remedies/app-error";
import { identitiesOf } from "@/lib/sign-ins/identities";
import type { ModernToken } from "@/lib/sign-ins/tokens/of-account/store";
import { openAccessToken } from "@/lib/sign-ins/tokens/store";
import { presetHosts, takesTokensOf } from "./hosts";

export type AccessToken = {
  accessToken: string;
  expiresAt: Date;
  username: string;
  emailAddress: string;
  /** By protocol (SASL). */
  users: { imap: string; smtp: string; pop3: string };
  /** SMTP tries it when its name is refused. */
  otherSmtp: string | undefined;
  hosts: MailHosts;
  scopes: string[];
  cloud: string;
  service: string;
  /** Fetched during this request. */
  isFresh: boolean;
};

/**
 * Programs: `hand_out`. Postkey's own mail: `read`, `send`. Devices that stay connected: `session`.
 * Tests also take inactive accounts and ask again while a failed renewal waits; `test_fresh`
 * always renews first.
 */
export type TokenPurpose = "hand_out" | "read" | "send" | "session" | TestPurpose;
export type TestPurpose = "test" | "test_fresh";

export const isTest = (purpose: TokenPurpose): purpose is TestPurpose =>
  purpose === "test" || purpose === "test_fresh";

/** @returns null: expired by its own claims, unless for a test */
export function handOut(stored: ModernToken, purpose: TokenPurpose): AccessToken | null {
  const { service, providerService } = stored;
  // Tokens go only to the servers of their own platform.
  if (!takesTokensOf(service, providerService)) throw failed("postkey.locked", "locked");
  const { imap, smtp, pop3, otherSmtp } = identitiesOf(stored);
  try {
    const accessToken = openAccessToken(stored);
    if (accessToken === "") return null;
    const lifeMs = Math.min(stored.lifeMs, ownLifeMs(accessToken, stored));
    if (lifeMs <= 0 && !isTest(purpose)) return null;
    return {
      accessToken,
      expiresAt: fromNow(lifeMs),
      username: stored.username,
      emailAddress: stored.emailAddress,
      users: { imap, smtp, pop3 },
      otherSmtp,
      hosts: presetHosts(stored),
      scopes: stored.scopes ?? [],
      cloud: stored.cloud,
      service: providerService,
      isFresh: false,
    };
  } catch (error) {
    if (error instanceof SealError) throw failed("postkey.locked", "locked");
    throw error;
  }
}

/**
 * By its own `exp` (RFC 7519 §4.1.4) and the platform's clock, if known; the row may have been
 * written by a wrong clock. Infinite without `exp`.
 */
function ownLifeMs(accessToken: string, stored: ModernToken): number {
  const { cloud, providerHosts, readAt } = stored;
  const { platform } = mailService(stored.service);
  const tokens = platform && serviceOf({ service: platform }).mailTokens;
  const end = tokens?.read(accessToken)?.expiresAt;
  if (!end) return Number.POSITIVE_INFINITY;
  const preset = findCloud(cloud);
  const host = preset && new URL(withHosts(preset, providerHosts).authority).host;
  const time = (host === undefined ? undefined : platformTime(host)) ?? readAt;
  return end.getTime() - time.getTime();
}

/** @param restMs until the next renewal */
export function failed(remedyId: string, state = "retrying", restMs = 0): AppError {
  const code = CODE_BY_STATE[state];
  return code ? refusedBy(remedyId, code) : refusedBy(remedyId, "temporarily_unavailable", restMs);
}

const CODE_BY_STATE: Readonly<Record<string, ErrorCode>> = {
  sign_in_again: "interaction_required",
  fix_registration: "invalid_client",
  locked: "locked",
};
