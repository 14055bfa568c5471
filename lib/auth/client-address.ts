import "server-only";
import { env } from "@/lib/env";

/**
 * Where a request comes from, for throttling only. Without a proxy that the operator vouches for,
 * `X-Forwarded-For` is whatever the client wrote: then all share one name.
 */
export function clientAddress(headers: Record<string, unknown> | undefined): string {
  const forwarded = headers?.["x-forwarded-for"];
  if (!env().trustProxy || typeof forwarded !== "string") return "direct";
  // The proxy appends the address that it saw.
  return forwarded.split(",").at(-1)?.trim() || "direct";
}
