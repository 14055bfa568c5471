import "server-only";
import { isAlive } from "@/lib/kernel/heartbeat";

/** SQL: whether a keeper of "KeeperHeartbeat" gave a sign of life lately. */
export const IS_ALIVE = isAlive(`"beatAt"`);
