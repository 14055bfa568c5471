import { expect, test } from "vitest";
import { DAY_MS, fromNow } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { setAutoRotate } from "@/lib/registrations/rotations/mutations";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { startLoops } from "./loops";

const sandbox = withInstallation();
const ada = administrator();

test("keepers that run at once renew a client secret that ends, once", async () => {
  const { cloudProviderId } = await connectedAccount(ada, sandbox());
  await setAutoRotate(ada, { cloudProviderId, autoRotate: true });
  await db().clientCredential.updateMany({ data: { expiresAt: fromNow(3 * DAY_MS) } });
  const stops = [startLoops(), startLoops()];
  const versions = () => db().clientCredential.count({ where: { cloudProviderId } });
  await expect.poll(versions, { timeout: 30_000 }).toBe(2);
  await Promise.all(stops.map((stop) => stop()));
  expect(sandbox().requests().counts["graph addPassword"]).toBe(1);
});
