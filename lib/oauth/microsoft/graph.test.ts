import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { guidFor } from "@/e2e/sandbox/directory";
import { DAY_MS, fromNow } from "@/lib/kernel/clock";
import { startHttpsServer } from "@/lib/testing/https-server";
import { registered, withInstallation } from "@/lib/testing/sandbox";
import type { Registration } from "../service";
import { proveCredential } from "./client";
import {
  addPassword,
  listPasswords,
  openGraphApplication,
  proveOwnership,
  removePassword,
} from "./graph";

const sandbox = withInstallation();

const registration = (changes: Partial<Registration> = {}): Registration => ({
  ...registered(sandbox()),
  ...changes,
});
const withSecret = (secret: string) =>
  registration({ credential: { kind: "client_secret", secret } });
const open = (changes?: Partial<Registration>) => openGraphApplication(registration(changes));
const wanted = () => ({ displayName: "Postkey test", expiresAt: fromNow(30 * DAY_MS) });

describe("an application", () => {
  test("makes itself a secret that works, finds it by its name, and removes it", async () => {
    const application = await open();
    const request = wanted();
    const made = await addPassword(application, request);
    expect(made.expiresAt).toEqual(request.expiresAt);
    await proveCredential(withSecret(made.secretText));
    const { keyId } = made;
    const entry = { keyId, displayName: "Postkey test" };
    expect(await listPasswords(application)).toContainEqual(entry);
    expect(await removePassword(application, keyId)).toBe(true);
    expect(await removePassword(application, keyId)).toBe(false);
    expect(await listPasswords(application)).not.toContainEqual(entry);
    const old = proveCredential(withSecret(made.secretText));
    await expect(old).rejects.toMatchObject({ remedyId: "AADSTS7000215" });
  });

  test("proves that it may change itself, and changes nothing", async () => {
    const application = await open();
    const before = await listPasswords(application);
    await proveOwnership(application);
    expect(await listPasswords(application)).toEqual(before);
  });
});

describe("a refusal says what to do:", () => {
  test.each([
    ["graph_permission_missing", "graph.permission_missing"],
    ["graph_not_owner", "graph.not_owner"],
  ])("%s", async (fault, remedyId) => {
    sandbox().faults.set(fault);
    const refused = { kind: "fix_registration", remedyId };
    await expect(proveOwnership(await open())).rejects.toMatchObject(refused);
  });

  test("an application that is not there", async () => {
    const application = await open();
    const address = application.address.replace(registration().clientId, guidFor("none"));
    const listed = listPasswords({ ...application, address });
    await expect(listed).rejects.toMatchObject({ remedyId: "graph.application_not_found" });
  });

  test("a token for something else", async () => {
    const listed = listPasswords({ ...(await open()), accessToken: "a.b.c" });
    await expect(listed).rejects.toMatchObject({ remedyId: "graph.token_refused" });
  });

  test("a cloud without Graph, before anything is sent", async () => {
    const { graph: _none, ...cloud } = sandbox().cloud;
    await expect(open({ cloud })).rejects.toMatchObject({ remedyId: "graph.not_in_cloud" });
  });
});

test.each([
  ["throttled", "graph.throttled"],
  ["server_error", "graph.unavailable"],
  ["html_200", "graph.malformed_answer"],
  ["truncated", "graph.unreachable"],
  ["huge_body", "graph.malformed_answer"],
])("what passes by itself is told apart: %s", async (fault, remedyId) => {
  const application = await open();
  sandbox().faults.set(fault, { at: "graph", seconds: 7 });
  const failure: unknown = await addPassword(application, wanted()).catch((error) => error);
  expect(failure).toMatchObject({ kind: "retry", remedyId });
  if (fault === "throttled") expect(failure).toMatchObject({ retryAfterMs: 7_000 });
});

test.each([
  ["one with the certificate of another", "wrongName", "postkey.platform_certificate"],
  ["one that speaks no HTTP", "server", "graph.malformed_answer"],
] as const)("what answers in Graph's place is told apart: %s", async (...row) => {
  const [, certificate, remedyId] = row;
  const speak: RequestListener = ({ socket }) => socket.end("220 mail.example.com ESMTP\r\n");
  const server = await startHttpsServer(sandbox().stateDir, speak, certificate);
  const application = { address: `${server.origin}/v1.0/applications`, accessToken: "a.b.c" };
  const listed = listPasswords(application);
  await expect(listed).rejects.toMatchObject({ kind: "retry", remedyId }).finally(server.close);
});
