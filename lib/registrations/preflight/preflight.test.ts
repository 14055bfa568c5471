import { describe, expect, test } from "vitest";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { shared } from "@/lib/testing/shared";
import { withProvider } from "@/lib/testing/sign-in";
import { findCloudProvider, listCloudProviders } from "../queries";
import { preflight } from "./mutations";

const sandbox = withInstallation();
const ada = administrator();
const own = withProvider(ada, sandbox, shared);

describe("the check of a stored provider", () => {
  test("keeps what it finds as the state of the provider and its credential, until it finds it right", async () => {
    const inUse = async () => {
      const provider = await findCloudProvider(ada, own.cloudProviderId);
      return { state: provider?.failureId, refusedAt: provider?.credentialInUse?.refusedAt };
    };
    sandbox().faults.set("secret_wrong");
    await preflight(ada, own);
    expect(await inUse()).toEqual({ state: "AADSTS7000215", refusedAt: expect.any(Date) });
    sandbox().faults.clearAll();
    await preflight(ada, own);
    expect(await inUse()).toEqual({ state: null, refusedAt: null });
  });

  test("keeps a redirect URI that is wrong beside the sign-ins, which work on, until it is right", async () => {
    const standing = async () => {
      const provider = await findCloudProvider(ada, own.cloudProviderId);
      const list = { search: "", sort: "name", direction: "asc", view: "attention" } as const;
      const { rows } = await listCloudProviders(ada, list);
      return [provider?.redirectFailureId, provider?.failureId, provider?.state, rows.length];
    };
    const { url } = env();
    env().url = new URL("https://not-registered.test");
    await preflight(ada, own);
    expect(await standing()).toEqual(["AADSTS50011", null, "fix_registration", 1]);
    env().url = url;
    await preflight(ada, own);
    expect(await standing()).toEqual([null, null, "not_signed_in", expect.any(Number)]);
  });
});
