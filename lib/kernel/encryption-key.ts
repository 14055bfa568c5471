import { readFileSync, statSync } from "node:fs";
import { createKeyring, type Keyring, newKey } from "./crypto";

/** Reading the file for every token would cost as much as opening the token. */
const LOOK_AGAIN_MS = 200;

/** A new ring without a shared key opens at once but seals once proved: the file may be wrong. */
export function openEncryptionKey(value: string | undefined, file: string | undefined) {
  const first = readKeyring(value, file);
  const watched = value === undefined && first.keyring ? file : undefined;
  let own = first.keyring ?? createKeyring([newKey()]);
  let [inUse, unproved]: [Keyring, Keyring | null] = [own, null];
  let stamp = stampOf(watched);
  let lookedAt = performance.now();

  const use = (keyring: Keyring, other: Keyring | null = null) => {
    own = keyring;
    unproved = other;
    inUse = other ? { ...own, byId: new Map([...other.byId, ...own.byId]) } : own;
  };
  const look = () => {
    if (performance.now() - lookedAt < LOOK_AGAIN_MS) return;
    lookedAt = performance.now();
    const now = stampOf(watched);
    if (now === stamp) return;
    stamp = now;
    const { keyring } = readKeyring(undefined, watched);
    if (!keyring) return;
    if (haveSameKey(keyring, own)) use(keyring);
    else use(own, keyring);
  };
  return {
    problem: first.problem,
    /** Without a usable key, a random one that has sealed nothing. */
    keyring: () => {
      look();
      return inUse;
    },
    unproved: () => {
      look();
      return unproved;
    },
    replace: (keyring: Keyring) => {
      use(keyring);
      stamp = ""; // what the file holds is compared with this ring at the next look
    },
  };
}

function haveSameKey(one: Keyring, other: Keyring): boolean {
  return [...one.byId.keys()].some((id) => other.byId.has(id));
}

function stampOf(file: string | undefined): string {
  try {
    const found = file === undefined ? undefined : statSync(file);
    return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : "";
  } catch {
    return ""; // gone or out of reach: the keys in use stay
  }
}

type ReadKey = { keyring: Keyring; problem: null } | { keyring: null; problem: string };

function readKeyring(value: string | undefined, file: string | undefined): ReadKey {
  const without = (problem: string): ReadKey => ({ keyring: null, problem });
  if (value === undefined && !file)
    return without("POSTKEY_KEY or POSTKEY_KEY_FILE must give the encryption key (32 bytes).");
  const text = value ?? readText(file);
  if (text === null)
    return without(
      `The key file ${file} cannot be read. Copy the encryption key there, or set POSTKEY_KEY_FILE to where it is.`,
    );
  try {
    return { keyring: createKeyring(text.trim().split(/[\s,]+/)), problem: null };
  } catch {
    const variable = value === undefined ? "POSTKEY_KEY_FILE" : "POSTKEY_KEY";
    return without(`${variable} must give keys of 32 bytes in base64 or hex.`);
  }
}

function readText(file = ""): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
