import { describe, expect, test } from "vitest";
import { guidFor } from "@/e2e/sandbox/directory";
import { GOOGLE_REDIRECT_URI, REDIRECT_URI } from "@/e2e/sandbox/testing";
import { env } from "@/lib/kernel/env";
import { registered, withInstallation } from "@/lib/testing/sandbox";
import { inspect as inspectGoogle } from "../google/service";
import type { Finding } from "../schema";
import type { Registration } from "../service";
import { inspect } from "./inspect";

const sandbox = withInstallation();
const RIGHT = { tenant: "ok", application: "ok", credential: "ok", redirect_uri: "ok" };

async function findings(changes: Partial<Registration> = {}, redirectUri = REDIRECT_URI) {
  const found = await inspect({ ...registered(sandbox()), ...changes }, redirectUri);
  return bySubject(found);
}

function bySubject(found: Finding[]) {
  return Object.fromEntries(
    found.map(({ subject, verdict, remedyId }) => [subject, remedyId ?? verdict]),
  );
}

describe("before anybody signs in", () => {
  test("a right registration is found to be right", async () => {
    expect(await findings()).toEqual(RIGHT);
  });

  test("each value that is wrong is named, and the others are not blamed for it", async () => {
    expect(await findings({ tenantId: guidFor("nobody's tenant") })).toMatchObject({
      tenant: "AADSTS90002",
      credential: "unknown",
    });
    expect(await findings({ clientId: guidFor("nobody's application") })).toMatchObject({
      tenant: "ok",
      application: "AADSTS700016",
      credential: "unknown",
    });
    const credential = { kind: "client_secret", secret: "wrong" } as const;
    expect(await findings({ credential })).toMatchObject({
      application: "ok",
      credential: "AADSTS7000215",
      redirect_uri: "ok",
    });
    expect(await findings({}, "https://elsewhere.test/callback")).toMatchObject({
      credential: "ok",
      redirect_uri: "AADSTS50011",
    });
  });

  test("a tenant of another cloud is found there", async () => {
    const { tenantId, cloud } = sandbox().governmentRegistration;
    const [tenant] = await inspect({ ...registered(sandbox()), tenantId }, REDIRECT_URI);
    expect(tenant).toMatchObject({
      verdict: "wrong",
      elsewhere: { authority: cloud.authority, regionScope: "DODCON" },
    });
    const { clientId, clientSecret } = sandbox().governmentRegistration;
    const credential = { kind: "client_secret", secret: clientSecret } as const;
    expect(await findings({ tenantId, clientId, cloud, credential })).toEqual(RIGHT);
  });

  test("a platform that does not answer proves nothing against anybody", async () => {
    env().privateHosts = new Set(["localhost"]);
    const cloud = { ...sandbox().cloud, authority: "https://localhost:1" };
    const verdicts = Object.values(await findings({ cloud }));
    expect(verdicts).toEqual(Array(4).fill("unknown"));
  });
});

test("of an OAuth client at Google client, secret and redirect URI are looked at", async () => {
  const { cloud, clientId, clientSecret } = sandbox().google;
  const right: Registration = {
    service: "google",
    cloud,
    clientId,
    tenantId: "",
    accountTypes: "tenant",
    credential: { kind: "client_secret", secret: clientSecret },
  };
  const { tenant: _, ...all } = RIGHT;
  expect(bySubject(await inspectGoogle(right, GOOGLE_REDIRECT_URI))).toEqual(all);
  const wrong = { ...right, credential: { kind: "client_secret", secret: "GOCSPX-1" } as const };
  expect(bySubject(await inspectGoogle(wrong, "https://elsewhere.test/callback"))).toEqual({
    application: "ok",
    credential: "google.client_secret_wrong",
    redirect_uri: "google.redirect_uri_mismatch",
  });
});
