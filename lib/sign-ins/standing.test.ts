import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, BOB, providerForm, signIn, walk } from "@/lib/testing/sign-in";
import { discardAuthorization } from "./decide";

const sandbox = withInstallation();
const ada = administrator();
const ended = {
  ...ada,
  stands: async () => {
    throw new AppError("unauthenticated", "Your session ended meanwhile. Sign in again.");
  },
};
let cloudProviderId: string;

beforeEach(async () => {
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
});

const provider = () => ({ subject: "provider", cloudProviderId }) as const;

/** What is stored of the sign-ins, in their order. */
async function stored() {
  const rows = await db().authorizationRequest.findMany({
    where: { cloudProviderId },
    orderBy: { expiresAt: "asc" },
  });
  return rows.map(({ outcome, pendingSealed }) => ({
    kind: Object(outcome).kind ?? null,
    hasTokens: pendingSealed !== null,
  }));
}

describe("of someone whose session ended while the platform was asked", () => {
  const refused = { code: "unauthenticated" };

  test("a sign-in that failed leaves nothing behind", async () => {
    const parameters = await walk(ada, provider(), ALICE);
    parameters.delete("code");
    parameters.set("error", "access_denied");
    await expect(arrive(ended, parameters)).rejects.toMatchObject(refused);
    expect(await stored()).toEqual([{ kind: null, hasTokens: false }]);
  });

  test("a sign-in of someone else leaves no tokens to decide about", async () => {
    await signIn(ada, provider());
    const parameters = await walk(ada, provider(), BOB);
    await expect(arrive(ended, parameters)).rejects.toMatchObject(refused);
    const [, last] = await stored();
    expect(last).toEqual({ kind: null, hasTokens: false });
  });

  test("a question is not answered", async () => {
    await signIn(ada, provider());
    const { authorizationRequestId } = await arrive(ada, await walk(ada, provider(), BOB));
    expect(await stored()).toMatchObject([{}, { kind: "confirm", hasTokens: true }]);
    const late = discardAuthorization(ended, authorizationRequestId);
    await expect(late).rejects.toMatchObject(refused);
    expect(await stored()).toMatchObject([{}, { kind: "confirm" }]);
  });
});
