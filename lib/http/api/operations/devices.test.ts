import { afterEach, beforeAll, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { env } from "@/lib/kernel/env";
import { readListeners } from "@/lib/kernel/listeners";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { createDevice } from "@/lib/testing/made";
import { ALICE, accountForm } from "@/lib/testing/sign-in";
import { apiDoor } from "../door";

/** What programs are told of devices. */
withDatabase();
const reader = program("devices:read");
let deviceId: string;

beforeAll(async () => {
  const ada = administrator();
  const form = accountForm({ modernAuthentication: false, password: "p" });
  const { id: emailAccountId } = await createEmailAccount(ada, form);
  const device = { name: "Scanner", emailAccountId, protocols: ["smtp" as const] };
  ({ id: deviceId } = await createDevice(ada, device));
});
afterEach(() => {
  env().deviceListeners = [];
});

const answer = apiDoor(async () => reader);
const get = async (path: string) =>
  (await answer(new Request(`http://localhost/api/${path}`))).json();

test("a device is told with all that is entered in it, for each port that it may use", async () => {
  const ports =
    "smtps://0.0.0.0:465,imaps://0.0.0.0:993,smtp://0.0.0.0:587?plaintext=10.0.0.0/8,smtp://0.0.0.0:25?oldTls=10.1.0.0/16";
  env().deviceListeners = readListeners(ports) ?? [];
  const same = { protocol: "smtp", host: env().deviceHost, userName: ALICE };
  const expected = [
    { ...same, port: 465, tls: "implicit", plaintextFrom: [], oldTlsFrom: null },
    { ...same, port: 587, tls: "starttls", plaintextFrom: ["10.0.0.0/8"], oldTlsFrom: null },
    { ...same, port: 25, tls: "starttls", plaintextFrom: [], oldTlsFrom: ["10.1.0.0/16"] },
  ];
  expect((await get(`devices/${deviceId}`)).connect).toEqual(expected);
  expect((await get("devices")).rows[0].connect).toEqual(expected);
  env().deviceListeners = [];
  expect((await get(`devices/${deviceId}`)).connect).toEqual([]);
});
