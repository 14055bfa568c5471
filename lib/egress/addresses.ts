import type { LookupAddress } from "node:dns";
import dns from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { plainHost } from "@/lib/kernel/networks";
import { type EgressPolicy, EgressRefusal, mayReach, type Place } from "./policy";

/** Connecting to a result, not to the name, defeats DNS rebinding. @throws EgressRefusal */
export async function resolveAllowed(place: Place, policy: EgressPolicy): Promise<LookupAddress[]> {
  const host = plainHost(place.host);
  const family = isIP(host);
  const found = family === 0 ? await lookUp(host) : [{ address: host, family }];
  const reachable = found.filter(({ address }) => mayReach(place, address, policy));
  if (reachable.length === 0) throw new EgressRefusal("PRIVATE_ADDRESS");
  return reachable;
}

const lookups = new Map<string, Promise<LookupAddress[]>>();

/** Concurrent lookups of a host share one answer. */
function lookUp(host: string): Promise<LookupAddress[]> {
  const running = lookups.get(host);
  if (running !== undefined) return running;
  const started = dns.lookup(host, { all: true }).finally(() => lookups.delete(host));
  lookups.set(host, started);
  return started;
}

/** Node skips it for literal addresses: see `requireAllowedLiteral`. */
export function lookupAllowed(place: Place, policy: EgressPolicy): LookupFunction {
  return (_host, options, done) => {
    resolveAllowed(place, policy).then(
      (allowed) => pass(allowed, options.all === true, done),
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };
}

export function lookupPinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, done) => pass([...addresses], options.all === true, done);
}

function pass(addresses: LookupAddress[], isAll: boolean, done: Parameters<LookupFunction>[2]) {
  const [first] = addresses;
  if (isAll || !first) done(null, addresses);
  else done(null, first.address, first.family);
}

/** @throws EgressRefusal PRIVATE_ADDRESS */
export function requireAllowedLiteral(place: Place, policy: EgressPolicy): void {
  const literal = plainHost(place.host);
  if (isIP(literal) !== 0 && !mayReach(place, literal, policy))
    throw new EgressRefusal("PRIVATE_ADDRESS");
}
