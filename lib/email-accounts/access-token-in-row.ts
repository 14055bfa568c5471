import "server-only";
import type { MailHosts } from "@/lib/egress/schema";
import { fromNow } from "@/lib/kernel/clock";
import { SealError } from "@/lib/kernel/crypto";
import type { AppError, ErrorCode } from "@/lib/kernel/errors";
import { mailService } from "@/lib/mail/services/schema";
import { platformTime } from "@/lib/oauth/clock-skew";
import { withHosts } from "@/lib/oauth/cloud-hosts";
import { findCloud } from "@/lib/oauth/configured-clouds";
import { serviceOf } from "@/lib/oauth/services";
import { refusedBy } from "@/lib/remedies/app-error";
import { identitiesOf } from "@/lib/sign-ins/identities";
import type { ModernToken } from "@/lib/sign-ins/tokens/of-account/store";
import { openAccessToken } from "@/lib/sign-ins/tokens/store";
import { accountHosts, takesTokensOf } from "./hosts";

export type AccessToken = {
  accessToken: string;
  expiresAt: Date;
  /** Who signed in, the From address and the cloud whose hosts the token is good for. */
  username: string;
  emailAddress: string;
  /** The name that each protocol takes (SASL). */
  users: { imap: string; smtp: string; pop3: string };
  /** What SMTP is tried with when its name is refused. */
  otherSmtp: string | undefined;
  /** Where it is good for. */
  hosts: MailHosts;
  scopes: string[];
  cloud: string;
  service: string;
  /** Whether it was fetched while this was asked; otherwise it was kept. */
  isFresh: boolean;
};

/**
 * `hand_out` is for programs, `read` and `send` for mail that Postkey itself reads and sends: of active
 * accounts only, and while a failed renewal waits for its next attempt they get the answer from the row.
 * `session` is for devices that stay connected with it.
 * `test` is for callers that want to know whether it works now; `test_fresh` renews the token first, however
 * long it still lives.
 */
export type TokenPurpose = "hand_out" | "read" | "send" | "session" | TestPurpose;
export type TestPurpose = "test" | "test_fresh";

export const isTest = (purpose: TokenPurpose): purpose is TestPurpose =>
  purpose === "test" || purpose === "test_fresh";

/**
 * @returns null when the stored token is empty, as versions before this one could leave it, or has expired by
 *   its own claims; a test shows the latter
 */
export function handOut(stored: ModernToken, purpose: TokenPurpose): AccessToken | null {
  const { service, providerService } = stored;
  // Whatever an account says of itself: a token goes to the servers of its own platform.
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
      hosts: accountHosts(stored),
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
 * How long a token lives by its own word (RFC 7519 §4.1.4, `exp`) and the clock of the platform that wrote
 * it: our row may have been written by a clock that was set since. Before this process has heard of that
 * clock the database's counts, and a renewal is asked for once too often at the worst. Without limit where
 * a token does not say when it ends.
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

/** @param restMs until the next renewal, after which there may be a token again */
export function failed(remedyId: string, state = "retrying", restMs = 0): AppError {
  const code = CODE_BY_STATE[state];
  return code ? refusedBy(remedyId, code) : refusedBy(remedyId, "temporarily_unavailable", restMs);
}

const CODE_BY_STATE: Readonly<Record<string, ErrorCode>> = {
  sign_in_again: "interaction_required",
  fix_registration: "invalid_client",
  locked: "locked",
};
