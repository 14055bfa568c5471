import "server-only";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { AppError } from "@/lib/kernel/errors";
import { withAudit } from "../administrators/sessions";
import type { AdministratorIdentity } from "../administrators/store";
import { tooMany, toWait } from "../administrators/waits";
import { clearThrottles, countAttempt, type Throttle } from "../throttles/store";
import { recordRecoveryCode } from "./mutations";
import { openSecret, spendRecoveryCode, takeStep } from "./store";
import { findStep } from "./totp";

/** What a person showed beside the password. */
export type ShownCode = "totp" | "recovery_code";

type Person = Pick<AdministratorIdentity, "id" | "name">;

/**
 * Whether a code is one of the person's app, or one of their recovery codes, which is spent by that. Failures
 * are counted apart from those of the password: at most twenty in an hour for all clients together.
 *
 * @throws AppError unprocessable on `code`; too_many_requests with the time to wait; locked
 */
export async function proveCode(
  person: Person,
  typed: string,
  from: { address?: string | undefined },
): Promise<ShownCode> {
  const throttle: Throttle = {
    subject: `second:${person.id}`,
    free: 5,
    maxWaitMs: 10 * MINUTE_MS,
  };
  if (!(await countAttempt([throttle]))) throw (await toWait([throttle])) ?? tooMany(SECOND_MS);
  const digits = typed.replaceAll(/\s/g, "");
  if (/^\d{6}$/.test(digits)) await requireCodeOfApp(person.id, digits);
  else await requireRecoveryCode(person, typed, from);
  await clearThrottles([throttle.subject]);
  return digits.length === 6 ? "totp" : "recovery_code";
}

async function requireCodeOfApp(administratorId: string, code: string): Promise<void> {
  const secret = await openSecret(administratorId, { isConfirmed: true });
  const step = secret === null ? null : findStep(secret, code, await databaseNow());
  if (step === null)
    throw wrongCode(
      "This code is wrong or too old. Enter the newest one. If it is refused too, check the clocks of your phone and of Postkey's server.",
    );
  if (!(await takeStep(administratorId, step)))
    throw wrongCode("This code was already used. Wait for the next one.");
}

async function requireRecoveryCode(
  person: Person,
  typed: string,
  { address }: { address?: string | undefined },
): Promise<void> {
  const isSpent = await withAudit(async (tx, isAudited) => {
    if (!(await spendRecoveryCode(tx, person.id, typed))) return false;
    if (isAudited) await recordRecoveryCode(tx, person, address);
    return true;
  });
  if (!isSpent)
    throw wrongCode("This is neither a code of six digits nor one of your unused recovery codes.");
}

function wrongCode(message: string): AppError {
  return new AppError("unprocessable", message, { fields: { code: [message] } });
}
