import { beforeAll, describe, expect, test } from "vitest";
import { administrator, program } from "@/lib/testing/actors";
import { registerElsewhere } from "@/lib/testing/credentials";
import { withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import { createCloudProvider } from "../mutations";
import { findCloudProvider } from "../queries";
import { preflight } from "./run";

const sandbox = withInstallation();
const ada = administrator();
let id: string;

beforeAll(async () => {
  ({ id } = await createCloudProvider(ada, providerForm(sandbox())));
});

describe("the check of a stored provider", () => {
  test("finds a right one right", async () => {
    const findings = await preflight(ada, id);
    expect(findings.map(({ subject, verdict }) => `${subject} ${verdict}`)).toEqual([
      "tenant ok",
      "application ok",
      "credential ok",
      "redirect_uri ok",
    ]);
  });

  test("explains what is wrong with the page where it is mended", async () => {
    sandbox().faults.set("secret_expired");
    const [credential] = (await preflight(ada, id)).filter(({ verdict }) => verdict === "wrong");
    expect(credential).toMatchObject({ subject: "credential", remedy: { id: "AADSTS7000222" } });
    expect(credential?.remedy?.link?.url).toContain(sandbox().registration.clientId);
  });

  test("keeps what it finds as the state of the provider and its credential, until it finds it right", async () => {
    const inUse = async () => {
      const provider = await findCloudProvider(ada, id);
      return { state: provider?.failureId, refusedAt: provider?.credentialInUse?.refusedAt };
    };
    sandbox().faults.set("secret_wrong");
    await preflight(ada, id);
    expect(await inUse()).toEqual({ state: "AADSTS7000215", refusedAt: expect.any(Date) });
    sandbox().faults.clearAll();
    await preflight(ada, id);
    expect(await inUse()).toEqual({ state: null, refusedAt: null });
  });

  test("names the cloud that the tenant is in", async () => {
    const { tenantId } = sandbox().governmentRegistration;
    await registerElsewhere(id, { tenantId });
    const [tenant] = await preflight(ada, id);
    expect(tenant).toMatchObject({
      verdict: "wrong",
      otherCloud: "Sandbox GCC High (this machine)",
    });
  });

  test("needs the permission to change providers, and a provider", async () => {
    await expect(preflight(program("providers:read"), id)).rejects.toMatchObject({
      code: "access_denied",
    });
    await expect(preflight(ada, crypto.randomUUID())).rejects.toMatchObject({ code: "not_found" });
  });
});
