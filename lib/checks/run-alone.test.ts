import { expect, test } from "vitest";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { testAlone } from "./run-alone";

const sandbox = withInstallation();
const ada = administrator();

test("a mailbox is tested once at a time, and again as soon as that is over", async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const account = await findMailboxAccount(ada, emailAccountId);
  const options = { signal: new AbortController().signal, onEvent: () => {} };
  const results = await Promise.allSettled([
    testAlone(ada, account, options),
    testAlone(ada, account, options),
  ]);
  const refused = results.flatMap((result) => (result.status === "rejected" ? result.reason : []));
  expect(refused).toMatchObject([{ code: "conflict", remedyId: "postkey.mailbox_being_tested" }]);
  expect(await testAlone(ada, account, options)).toMatchObject({ verdict: "ok" });
});
