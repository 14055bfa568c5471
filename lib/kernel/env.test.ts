import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { folderOfFile } from "@/lib/testing/folder";
import { HOUR_MS, SECOND_MS } from "./clock";
import { createKeyring, newKey } from "./crypto";
import { EnvError, readEnv } from "./env";

const folder = folderOfFile();

const KEY = randomBytes(32).toString("base64");
const keyId = createKeyring([KEY]).current.id;
const right = { DATABASE_URL: "postgresql://localhost/postkey", POSTKEY_KEY: KEY };

function problem(changes: Record<string, string | undefined>): string {
  try {
    readEnv({ ...right, ...changes });
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(EnvError);
    return error instanceof Error ? error.message : "";
  }
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

afterEach(() => vi.useRealTimers());

describe("each wrong variable has its own line", () => {
  const WRONG: Readonly<Record<string, readonly (string | undefined)[]>> = {
    DATABASE_URL: [undefined, "", "mysql://localhost/x"],
    POSTKEY_URL: [
      ...["postkey.example.com", "ftp://postkey.example.com", "http://postkey.example.com"],
      ...["path", "?x"].map((rest) => `https://postkey.example.com/${rest}`),
      "https://user@postkey.example.com",
    ],
    POSTKEY_MAIL_PORTS: ["993;995", "imap", "993,0", "99999"],
    POSTKEY_PRIVATE_HOSTS: ["mail.lan,10.0.0.0/8", "https://relay.lan/", "relay.lan:587"],
    POSTKEY_DEVICE_HOST: ["https://mail.example.com", "mail.example.com:993"],
    POSTKEY_TRUST_PROXY: ["yes", "10", "10.0.0.0/33", "10.0.0.1,proxy.lan"],
    POSTKEY_TEST_PARALLELISM: ["0", "101", "2.5", "many"],
    POSTKEY_TESTS_AT_ONCE: ["0", "65", "1.5"],
    POSTKEY_MAILBOX_PACE: ["30", "0/60"],
    POSTKEY_CA_FILE: ["/nowhere/ca.pem"],
  };

  test("alone and together", () => {
    for (const [name, values] of Object.entries(WRONG))
      for (const value of values)
        expect(problem({ [name]: value }), value).toMatch(new RegExp(`^${name} [^\n]+$`));
    const message = problem({ DATABASE_URL: "x", POSTKEY_URL: "y", POSTKEY_TRUST_PROXY: "z" });
    const names = message.split("\n").map((line) => line.split(" ")[0]);
    expect(names).toEqual(["DATABASE_URL", "POSTKEY_URL", "POSTKEY_TRUST_PROXY"]);
  });

  test("without repeating what was written: it may be a password", () => {
    expect(problem({ DATABASE_URL: "mysql://u:hunter2@h/x" })).not.toContain("hunter2");
    expect(readEnv({ ...right, POSTKEY_KEY: "hunter2" }).keyProblem).not.toContain("hunter2");
  });
});

describe("the key", () => {
  const read = (changes: Record<string, string | undefined>) =>
    readEnv({ ...right, POSTKEY_KEY: undefined, ...changes });

  test.each([
    ["is empty", { POSTKEY_KEY: "", POSTKEY_KEY_FILE: "" }, "POSTKEY_KEY or POSTKEY_KEY_FILE"],
    ["is too short", { POSTKEY_KEY: KEY.slice(0, 20) }, "POSTKEY_KEY must give keys of 32 bytes"],
    ["is in a file that is not there", { POSTKEY_KEY_FILE: "/nowhere/key" }, "cannot be read"],
  ])("is told about when it %s, and nothing real stands in its place", (_what, changes, text) => {
    const { keyProblem, keyring } = read(changes);
    expect(keyProblem).toContain(text);
    expect(keyring.current.id).not.toBe(createKeyring([KEY]).current.id);
    expect(keyring.current.id).not.toBe(read(changes).keyring.current.id);
  });

  const oneLookLater = () => vi.advanceTimersByTime(SECOND_MS);

  test("is read again when its file was replaced, whatever becomes of the clock", () => {
    vi.useFakeTimers({ toFake: ["performance", "Date"] });
    const path = file("replaced", KEY);
    const values = read({ POSTKEY_KEY_FILE: path });
    const added = newKey();
    file("replaced.new", `${added}\n${KEY}\n`);
    renameSync(`${path}.new`, path);
    oneLookLater();
    vi.setSystemTime(Date.now() - 6 * HOUR_MS);
    expect(values.keyring.current.id).toBe(createKeyring([added]).current.id);
    expect(values.keyring.byId.size).toBe(2);
    expect(values.unprovedKeyring).toBeNull();
  });

  test.each(["", "rubbish", newKey()])(
    "seals as before when its file holds %j or is gone",
    (text) => {
      vi.useFakeTimers({ toFake: ["performance"] });
      const path = file("kept", KEY);
      const values = read({ POSTKEY_KEY_FILE: path });
      for (const happens of [() => file("kept", text), () => rmSync(path)]) {
        happens();
        oneLookLater();
        expect(values.keyring.current.id).toBe(keyId);
      }
    },
  );

  test("that replaced all others in the file opens at once, and seals when it was proved", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const path = file("slept", KEY);
    const values = read({ POSTKEY_KEY_FILE: path });
    const added = newKey();
    const { id } = createKeyring([added]).current;
    file("slept", added);
    oneLookLater();
    expect([...values.keyring.byId.keys()].sort()).toEqual([id, keyId].sort());
    expect(values.keyring.current.id).toBe(keyId);
    const { unprovedKeyring } = values;
    if (!unprovedKeyring) throw new Error("There is nothing to prove.");
    values.keyring = unprovedKeyring;
    oneLookLater();
    expect([...values.keyring.byId.keys()]).toEqual([id]);
    expect(values.unprovedKeyring).toBeNull();
  });
});

test("lists are empty unless they are given, and the key does not stay in the environment", () => {
  const variables: Record<string, string | undefined> = {
    ...right,
    POSTKEY_PRIVATE_HOSTS: " mail.lan, 10.0.0.5 , [fd00::1],Bücher.lan.",
    POSTKEY_MAIL_PORTS: "1993,1587",
    POSTKEY_TRUST_PROXY: "1",
  };
  const nothing = { privateHosts: new Set(), mailPorts: new Set(), trustProxy: undefined };
  expect(readEnv({ ...right })).toMatchObject(nothing);
  const { privateHosts, mailPorts, trustProxy } = readEnv(variables);
  expect(variables.POSTKEY_KEY).toBeUndefined();
  expect([...privateHosts]).toEqual(["mail.lan", "10.0.0.5", "fd00::1", "bücher.lan"]);
  expect([...mailPorts]).toEqual([1993, 1587]);
  expect(trustProxy).toEqual({ hops: 1 });
});
