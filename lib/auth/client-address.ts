import "server-only";
import { z } from "zod";
import { DIRECT } from "@/lib/administrators/sign-in";
import { env } from "@/lib/env";

const addressSchema = z.union([z.ipv4(), z.ipv6()]);

/**
 * The network address of a client, when a proxy that the operator vouches for says so. Without one,
 * `X-Forwarded-For` is whatever the client wrote.
 */
export function networkAddress(forwardedFor: unknown): string | undefined {
  if (!env().trustProxy || typeof forwardedFor !== "string") return undefined;
  // The proxy appends the address that it saw.
  return addressSchema.safeParse(forwardedFor.split(",").at(-1)?.trim()).data;
}

/** Where a request comes from, for throttling only: without a proxy all share one name. */
export function clientAddress(headers: Record<string, unknown> | undefined): string {
  return networkAddress(headers?.["x-forwarded-for"]) ?? DIRECT;
}
