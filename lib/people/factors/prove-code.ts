import "server-only";
import { databaseNow } from "@/lib/kernel/database-clock";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import type { AdministratorIdentity } from "../administrators/store";
import { clearThrottles, countAttempt, LONGEST_WAIT_MS, type Throttle } from "../throttles/store";
import { recordRecoveryCode } from "./mutations";
import { openSecret, spendRecoveryCode, takeStep } from "./store";
import { findStep } from "./totp";

export type ShownCode = "totp" | "recovery_code";

type Person = Pick<AdministratorIdentity, "id" | "name">;

/** Uses a code up, in the transaction of what it proves. @throws AppError unprocessable on `code` */
type Spend = (tx: Transaction, isAudited: boolean) => Promise<void>;

type Proof<T> = {
  address?: string | undefined;
  /** What the code is for: it spends it, and is not begun for a wrong code of the app. */
  onShown: (spend: Spend, shown: ShownCode) => Promise<T>;
};

/**
 * A code is spent with what it gives: one whose sign-in comes to nothing is kept. Failures are counted apart from
 * those of the password, at most twenty an hour for all clients together. @throws AppError unprocessable on `code`;
 * too_many_requests; locked
 */
export async function proveCode<T>(
  person: Person,
  typed: string,
  { address, onShown }: Proof<T>,
): Promise<T> {
  const throttle: Throttle = {
    subject: `second:${person.id}`,
    free: 5,
    maxWaitMs: LONGEST_WAIT_MS,
  };
  await countAttempt([throttle]);
  const digits = typed.replaceAll(/\s/g, "");
  const given = /^\d{6}$/.test(digits)
    ? await onShown(await codeOfApp(person.id, digits), "totp")
    : await onShown(recoveryCode(person, typed, address), "recovery_code");
  await clearThrottles([throttle.subject]);
  return given;
}

async function codeOfApp(administratorId: string, code: string): Promise<Spend> {
  const app = await openSecret(administratorId, { isConfirmed: true });
  const step = app && findStep(app.secret, code, await databaseNow());
  if (step === null)
    throw wrongCode(
      "This code is wrong or too old. Enter the newest one. If it is refused too, check the clocks of your phone and of Postkey's server.",
    );
  return async (tx) => {
    if (!(await takeStep(tx, administratorId, step)))
      throw wrongCode("This code was already used. Wait for the next one.");
  };
}

function recoveryCode(person: Person, typed: string, address: string | undefined): Spend {
  return async (tx, isAudited) => {
    if (!(await spendRecoveryCode(tx, person.id, typed)))
      throw wrongCode(
        "This is neither a code of six digits nor one of your unused recovery codes.",
      );
    if (isAudited) await recordRecoveryCode(tx, person, address);
  };
}

function wrongCode(message: string): AppError {
  return new AppError("unprocessable", message, { fields: { code: [message] } });
}
