import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { recordAudit } from "@/lib/audit/mutations";
import { readKeyFile, replaceKeyFile } from "@/lib/installation/keys/key-file";
import type { KeyUse } from "@/lib/installation/keys/queries";
import {
  awaitReaders,
  type RotationReport,
  resealEverything,
} from "@/lib/installation/keys/rotate";
import { findLock } from "@/lib/installation/keys/store";
import type { Actor } from "@/lib/kernel/actor";
import { workAlone } from "@/lib/kernel/advisory-locks";
import { createKeyring, type Keyring, newKey } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { EnvError, env } from "@/lib/kernel/env";
import { DEAD_AFTER_MS } from "@/lib/kernel/heartbeat";
import { mintActor } from "@/lib/kernel/mint-actor";

/**
 * What a process sealed with the old key before it saw the new one is stored by then: no statement may
 * take longer than ten seconds.
 */
const SETTLE_MS = Number(process.env.POSTKEY_ROTATION_SETTLE_MS ?? 20_000);

/** Twice as long as a process that ended without a word counts as running. */
const WAIT_MS = Number(process.env.POSTKEY_ROTATION_WAIT_MS ?? 2 * DEAD_AFTER_MS);

const ACTOR: Actor = mintActor({
  kind: "job",
  id: "keys:rotate",
  name: "npm run keys:rotate",
  permissions: new Set(),
});

/**
 * npm run keys:rotate: puts a new key in front of those in the key file when every web, gateway and keeper has it,
 * seals everything with it, and removes the old ones when nothing needs them any more. It is safe to stop it at any moment and to
 * run it again; they go on meanwhile, and read the key file again by themselves. Keys that
 * the environment gives are the operator's to change: then it seals everything with the first of them.
 */
export async function rotateKeys({ settleMs = SETTLE_MS } = {}): Promise<void> {
  const { POSTKEY_KEY: given, POSTKEY_KEY_FILE: file } = process.env;
  const { keyring } = env();
  const lock = await findLock();
  if (lock) throw new EnvError(lock);
  // Two rotations would each add a key, and lose one.
  const isAlone = await workAlone("keyRotation", () =>
    given || !file ? rotateEnvironment(keyring) : rotateFile(file, settleMs),
  );
  if (!isAlone) throw new EnvError("Another process is already rotating the keys.");
}

async function rotateFile(file: string, settleMs: number): Promise<void> {
  const keys = await putNewKeyInFront(file);
  const keyring = createKeyring(keys);
  await waitForAll(keyring, "seals");
  await resealEverything(keyring);
  console.log(`Waiting ${settleMs / 1_000} s for writes with the old key to finish.`);
  await sleep(settleMs);
  await waitForAll(keyring, "seals");
  const report = await resealEverything(keyring);
  print(report);
  if (!report.isComplete) {
    console.log(`The old key is still needed and stays in ${file}.`);
    process.exitCode = 1;
    return;
  }
  await recordRotation(keyring, report);
  keepRetired(file, keys.slice(1));
  replaceKeyFile(file, keys.slice(0, 1));
  console.log(
    `Everything is sealed with the new key, the only one in ${file}. Older backups open only with the old key, which is kept in ${retiredFile(file)}. Delete that file when you have deleted those backups.`,
  );
}

/**
 * First behind the old one, until every process can open what the first of them seals with it. What was
 * begun is noted in a file of its own: which of two keys is the new one, their order does not say.
 */
async function putNewKeyInFront(file: string): Promise<string[]> {
  const old = readKeyFile(file);
  const note = `${file}.next`;
  const [noted] = readKeyFile(note);
  if (old.length > 1 && (!noted || noted === old[0])) {
    console.log(`${file} holds ${old.length} keys. Continuing with the first one.`);
    rmSync(note, { force: true });
    return old;
  }
  const added = noted ?? newKey();
  if (!noted) replaceKeyFile(note, [added]);
  const others = old.filter((key) => key !== added);
  replaceKeyFile(file, [...others, added]);
  console.log(`Added a new key after the old one in ${file}.`);
  await waitForAll(createKeyring([added]), "opens");
  replaceKeyFile(file, [added, ...others]);
  rmSync(note, { force: true });
  console.log("Every process has the new key. It is now the first in the file.");
  return [added, ...others];
}

/** @throws EnvError that says which process has not got the key; no process lost a key */
async function waitForAll({ current }: Keyring, use: KeyUse): Promise<void> {
  const late = await awaitReaders(current.id, use, WAIT_MS);
  if (late.length === 0) return;
  const names = late.map(
    ({ kind, host, pid, startedAt }) =>
      `${kind} on ${host} (process ${pid}, started ${startedAt.toISOString()})`,
  );
  throw new EnvError(
    `After ${WAIT_MS / 1_000} s these processes do not have the new key: ${names.join(", ")}. Give them the same keys and restart them, or stop them; then run this command again. The old key is still in use.`,
  );
}

async function rotateEnvironment(keyring: Keyring): Promise<void> {
  await waitForAll(keyring, "opens");
  const report = await resealEverything(keyring);
  print(report);
  if (!report.isComplete) process.exitCode = 1;
  else if (keyring.byId.size > 1) {
    await recordRotation(keyring, report);
    console.log(
      "Everything is sealed with the first key in POSTKEY_KEY. Remove the others and restart every process. Keep the removed keys for older backups.",
    );
  } else
    console.log(
      "Everything is sealed with the only key. To replace it, create a key with `openssl rand -base64 32`, set POSTKEY_KEY to the new key, a comma and the old key, restart every process, and run this command again.",
    );
}

function print({ columns, unreadable }: RotationReport): void {
  for (const { table, column, values, others } of columns)
    console.log(
      `  ${`${table}.${column}`.padEnd(44)} ${String(values).padStart(8)} sealed${others > 0 ? `, ${others} with another key` : ""}`,
    );
  for (const { table, id, column } of unreadable.slice(0, 20))
    console.log(`  ${table} ${id}: no key opens ${column}. It was left unchanged.`);
}

async function recordRotation(keyring: Keyring, { columns }: RotationReport): Promise<void> {
  const values = columns.reduce((sum, column) => sum + column.values, 0);
  const object = { kind: "encryption_key", id: keyring.current.id, name: keyring.current.id };
  await db().$transaction((tx) =>
    recordAudit(tx, ACTOR, { action: "keys.rotate", object, detail: { values } }),
  );
}

function retiredFile(file: string): string {
  return `${file}.retired`;
}

function keepRetired(file: string, keys: string[]): void {
  const retired = retiredFile(file);
  replaceKeyFile(retired, [...new Set([...keys, ...readKeyFile(retired)])]);
}
