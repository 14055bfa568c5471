import { env } from "@/lib/kernel/env";
import { singletons } from "./singletons";

/**
 * Sets variables after the environment may have been read: work that a file before left under way reads it at any
 * moment. Reading takes the key out of the environment; it stays as it was.
 */
export function setEnvironment(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
  if (!singletons.postkey?.has("env")) return;
  const { keyring } = env();
  singletons.postkey.delete("env");
  process.env.POSTKEY_KEY ??= Buffer.alloc(32).toString("base64");
  env().keyring = keyring;
}
