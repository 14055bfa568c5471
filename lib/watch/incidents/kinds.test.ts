import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "@/lib/devices/attempts/schema";
import { saveAttempts } from "@/lib/devices/attempts/store";
import { saveCertificateState } from "@/lib/devices/authority/store";
import { pauseDevice } from "@/lib/devices/mutations";
import { DAY_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { notePasswordUse, saveCompanyOnly } from "@/lib/people/company/store";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { createDevice } from "@/lib/testing/made";
import { seedProvider } from "@/lib/testing/outage";
import { listOpenIncidents } from "./queries";
import { watchIncidents } from "./watch";

/** What else than a sign-in or a test can be an incident. */
withDatabase();
const ada = administrator();

beforeEach(() => empty("Incident", "EmailAccount", "CloudProvider", "Passkey"));

async function open() {
  await watchIncidents({ enqueue: async () => {} });
  const { rows } = await listOpenIncidents(ada);
  return rows.filter(({ quietSince }) => quietSince === null);
}

describe("devices:", () => {
  const OFF = "smtp.auth_disabled_tenant";
  type Device = { id: string; name: string };

  /** As many devices as named, at one account after the other. */
  async function devices(...names: string[]): Promise<Device[]> {
    await seedProvider({ accounts: 2 });
    const accounts = await db().emailAccount.findMany({ select: { id: true } });
    const made = names.map(async (name, index) => {
      const { id: emailAccountId = "" } = accounts[index % 2] ?? {};
      const { id } = await createDevice(ada, { name, emailAccountId, protocols: ["smtp"] });
      return { id, name };
    });
    return Promise.all(made);
  }

  const login = { address: "192.0.2.1", client: null, tlsVersion: "TLSv1.2" };
  const attempt = (outcome: Outcome, ...tried: Device[]) => {
    const said = { ...login, protocol: "smtp", remedyId: outcome === "ok" ? null : OFF } as const;
    return saveAttempts(tried.map((device) => ({ ...said, device, outcome })));
  };

  test("what a server refuses them for is one incident with its remedy, until one of each account gets in", async () => {
    const [first, second, other] = await devices("Scanner", "Printer", "Fax");
    if (!first || !second || !other) throw new Error("There are no devices.");
    await attempt("ok", first);
    await attempt("server_refused", first, second, other);
    const incident = { kind: "mail", remedyId: OFF, subject: "Contoso" };
    expect(await open()).toMatchObject([{ ...incident, accounts: 2 }]);
    await attempt("ok", first);
    expect(await open()).toMatchObject([{ ...incident, accounts: 1 }]);
    await attempt("ok", second);
    expect(await open()).toEqual([]);
  });

  test("a wrong password, a passing failure, and a device that is paused or has expired are none", async () => {
    const [device = { id: "", name: "" }] = await devices("Scanner");
    await attempt("wrong_password", device);
    await attempt("server_unreachable", device);
    expect(await open()).toEqual([]);
    await attempt("server_refused", device);
    await pauseDevice(ada, { id: device.id, paused: true });
    expect(await open()).toEqual([]);
    await pauseDevice(ada, { id: device.id, paused: false });
    expect(await open()).toHaveLength(1);
    await db().device.updateMany({ data: { expiresAt: new Date(1) } });
    expect(await open()).toEqual([]);
  });

  test("a connection test that succeeds ends it as well", async () => {
    await attempt("server_refused", ...(await devices("Scanner")));
    expect(await open()).toHaveLength(1);
    const lastTestedAt = new Date(Date.now() + 1_000);
    await db().emailAccount.updateMany({ data: { lastTestedAt, smtpVerdict: "ok" } });
    expect(await open()).toEqual([]);
  });
});

test("a certificate of the gateway that expires within 30 days is one until it is replaced", async () => {
  for (const [days, remedies] of [
    [31, []],
    [29, ["postkey.device_certificate_expiring"]],
    [-1, ["postkey.device_certificate_expired"]],
    [90, []],
  ] as const) {
    await saveCertificateState({ until: new Date(Date.now() + days * DAY_MS), fails: false });
    expect((await open()).map(({ remedyId }) => remedyId)).toEqual(remedies);
  }
});

describe("second factors:", () => {
  const needFactors = (roles: string[]) =>
    db().installation.updateMany({ data: { secondFactorRoles: roles } });

  async function createPasskey(administratorId: string, rpId = "localhost") {
    const key = { counter: 7, publicKey: Buffer.from("x"), transports: [], aaguid: "" };
    const kind = { name: "Laptop", deviceType: "singleDevice", isBackedUp: false };
    const id = randomUUID();
    await db().passkey.create({
      data: { id, administratorId, credentialId: rpId, rpId, ...key, ...kind },
    });
  }
  const createPerson = async () => {
    const person = { email: `${randomUUID()}@contoso.test`, name: "Ada", passwordHash: "x" };
    return (await db().administrator.create({ data: person })).id;
  };

  test("a passkey whose counter went back is one until it is removed", async () => {
    await createPasskey(await createPerson());
    expect(await open()).toEqual([]);
    await db().passkey.updateMany({ data: { copiedAt: new Date() } });
    const incident = { kind: "passkey", remedyId: "postkey.passkey_copied", subject: "Ada" };
    expect(await open()).toMatchObject([{ ...incident, accounts: 0 }]);
    await db().passkey.deleteMany();
    expect(await open()).toEqual([]);
  });

  test("passkeys of an earlier host are one where they are the only second factor, and the role needs one", async () => {
    const person = await createPerson();
    await createPasskey(person, "old.contoso.test");
    expect(await open()).toEqual([]);
    await needFactors(["administrator"]);
    expect(await open()).toMatchObject([{ remedyId: "postkey.passkeys_elsewhere", accounts: 0 }]);
    await createPasskey(person);
    expect(await open()).toEqual([]);
    await needFactors([]);
  });

  test("a password that is used is one where company sign-in is required", async () => {
    const setOnly = (only: boolean) => db().$transaction((tx) => saveCompanyOnly(tx, only));
    const subjects = async () => (await open()).map(({ subject }) => subject);
    await notePasswordUse({ name: "Ada", method: "password" });
    expect(await subjects()).toEqual([]);
    await setOnly(true);
    for (const [method, subject] of [
      ["password", "Password sign-in of Ada"],
      ["passkey", "Passkey sign-in of Ada"],
    ] as const) {
      await notePasswordUse({ name: "Ada", method });
      expect(await subjects()).toEqual([subject]);
    }
    await setOnly(false);
    expect(await subjects()).toEqual([]);
  });
});
