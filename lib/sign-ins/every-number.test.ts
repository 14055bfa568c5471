import { beforeEach, describe, expect, test } from "vitest";
import { PLATFORM_NUMBERS, type PlatformNumber } from "@/e2e/sandbox/identity/numbers";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { findCloudProvider } from "@/lib/registrations/queries";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { administrator } from "@/lib/testing/actors";
import { pollDeviceCodesNow } from "@/lib/testing/device-code";
import { isLong } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, providerForm, walk, withAccount } from "@/lib/testing/sign-in";
import { letExpire, refreshDue } from "@/lib/testing/tokens";
import { beginAuthorization } from "./begin";
import { findOutcome, listAuthorizations } from "./queries";

/**
 * Numbers of the catalogue, raised by the sandbox where Microsoft raises them, and told by the
 * product: what is stored is that number's entry, filled in for the account and its registration.
 */
const sandbox = withInstallation();
const ada = administrator();
const account = withAccount(ada, sandbox);

/** As if nothing had failed before, and no pause had been ordered. */
beforeEach(async () => {
  const where = { authorization: { cloudProviderId: account.cloudProviderId } };
  await db().tokenSet.updateMany({ where, data: { state: "connected", failures: 0 } });
  await db().tokenSet.updateMany({ where, data: { failureId: null, failureText: null } });
  await db().cloudProvider.updateMany({ data: { failureId: null, failedAt: null } });
  await db().platformPause.deleteMany();
});

/** Of each place some, and in the long run all. */
const at = (place: PlatformNumber["places"][number]) =>
  PLATFORM_NUMBERS.filter(({ places }) => places.includes(place))
    .map(({ number }) => number)
    .filter((_number, nth) => isLong || nth % 8 === 0);
const subject = () =>
  ({ subject: "email_account", emailAccountId: account.emailAccountId }) as const;

async function storedOutcome(parameters: URLSearchParams) {
  const { authorizationRequestId } = await arrive(ada, parameters);
  return findOutcome(ada, authorizationRequestId);
}

/** What the pages show for it: cause and steps, with nothing left to fill in. */
async function expectExplained(id: string): Promise<void> {
  const provider = await findCloudProvider(ada, account.cloudProviderId);
  const context = { ...(provider && remedyContext(provider)), mailbox: ALICE };
  const { command, link, isUnknown } = fillRemedy(findRemedy(id), context);
  expect(isUnknown).toBeUndefined();
  expect(`${command?.text} ${link?.url}`).not.toMatch(/[{}<>]/);
  if (findRemedy(id).link) expect(link).toBeDefined();
}

/** What a number means together with what was asked for. */
const MEANT: Record<string, string> = {
  "redeem 9002313": "postkey.code_unknown",
  "refresh 9002313": "postkey.refresh_token_unknown",
};
const idOf = (place: string, number: number) => MEANT[`${place} ${number}`] ?? `AADSTS${number}`;

describe("at the sign-in pages", () => {
  /* On these Microsoft keeps the person on a page of its own: no answer comes. */
  const KEPT = new Set([50011, 50194, 700016, 90002, 90023, 900971, 9002332]);

  test.each(at("authorize").filter((number) => !KEPT.has(number)))("AADSTS%i", async (number) => {
    sandbox().faults.set(`raise:${number}`, { at: "authorize" });
    const outcome = await storedOutcome(await walk(ada, subject(), ALICE));
    expect(outcome).toMatchObject({ kind: "failed", remedyId: `AADSTS${number}` });
    await expectExplained(`AADSTS${number}`);
  });
});

describe("when the code is redeemed", () => {
  test.each(at("redeem"))("AADSTS%i", async (number) => {
    const parameters = await walk(ada, subject(), ALICE);
    sandbox().faults.set(`raise:${number}`, { at: "token" });
    const outcome = await storedOutcome(parameters);
    expect(outcome).toMatchObject({ kind: "failed", remedyId: idOf("redeem", number) });
    const detail = outcome?.kind === "failed" ? outcome.detail : "";
    expect(detail).toMatch(/Trace ID: .* Correlation ID: .* Timestamp: /);
    await expectExplained(idOf("redeem", number));
  });
});

describe("when the tokens are renewed", () => {
  test.each(at("refresh"))("AADSTS%i", async (number) => {
    await letExpire(account.cloudProviderId);
    sandbox().faults.set(`raise:${number}`, { at: "token" });
    expect(await refreshDue("keeper-1")).toBe(1);
    const found = await findEmailAccount(ada, account.emailAccountId);
    expect(found).toMatchObject({
      failureId: idOf("refresh", number),
      failureText: expect.stringMatching(/Trace ID: .* Correlation ID: .* Timestamp: /),
    });
    const [authorization] = (await listAuthorizations(ada, account.cloudProviderId)).rows;
    const isRetried = findRemedy(idOf("refresh", number)).retry === "yes";
    expect(authorization?.state === "retrying").toBe(isRetried);
    await expectExplained(idOf("refresh", number));
  });
});

describe("while a device code is asked about", () => {
  test.each(at("device_code"))("AADSTS%i", async (number) => {
    const form = providerForm(sandbox(), { grant: "device_code" });
    const { id } = await createCloudProvider(ada, form);
    const page = await beginAuthorization(ada, { subject: "provider", cloudProviderId: id });
    sandbox().faults.set(`raise:${number}`, { at: "token" });
    await pollDeviceCodesNow();
    const outcome = await findOutcome(ada, page.searchParams.get("authorization") ?? "");
    // RFC 8628 §3.5 has words of its own for these.
    const isOver = number === 70018 || number === 70019;
    const remedyId = isOver ? "callback.device_code_expired" : `AADSTS${number}`;
    expect(outcome).toEqual(
      number === 70016 ? null : expect.objectContaining({ kind: "failed", remedyId }),
    );
    await expectExplained(`AADSTS${number}`);
  });
});
