import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { BEAT_EVERY_MS } from "@/lib/kernel/heartbeat";
import { announceReader, forgetReader, type KeyReader } from "./mutations";
import { proveKeyring } from "./store";

const LOOK_EVERY_MS = SECOND_MS;

/** Idle processes too must know new keys before a rotation. @returns ends it */
export function followKey(kind: KeyReader["kind"]): () => Promise<void> {
  const reader = { readerId: `${kind}-${randomUUID()}`, kind, host: hostname(), pid: process.pid };
  let announced = { keys: "", at: 0 };
  let isStopping = false;
  let following: Promise<void> | null = null;

  const follow = async () => {
    await proveKeyring();
    const { keyring } = env();
    const keys = [keyring.current.id, ...keyring.byId.keys()].join(" ");
    const isDue = performance.now() - announced.at >= BEAT_EVERY_MS;
    if (isStopping || (keys === announced.keys && !isDue)) return;
    await announceReader(reader, keyring);
    announced = { keys, at: performance.now() };
  };
  const tick = () => {
    // The next look tries again.
    following ??= follow()
      .catch(() => {})
      .finally(() => {
        following = null;
      });
  };
  tick();
  const timer = setInterval(tick, LOOK_EVERY_MS).unref();
  return async () => {
    isStopping = true;
    clearInterval(timer);
    await following;
    await forgetReader(reader).catch(() => {});
  };
}
