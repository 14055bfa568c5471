import "server-only";
import { isAlive } from "@/lib/kernel/heartbeat";

export const IS_ALIVE = isAlive(`"beatAt"`);
