import { plainHost } from "@/lib/kernel/networks";
import { isPublicAddress } from "./public-address";

export type Place = { host: string; port: number };

/**
 * A typed host must not open the inside (SSRF): public addresses and mail ports only, plus the
 * operator's lists; hosts of presets may be anywhere. Forms and sockets ask the same questions.
 */
export type EgressPolicy = Exemptions & {
  isPreset(host: string, port: number): boolean;
  allowed(): Allowed;
};

type Exemptions = {
  anyHttpsPort?: true;
  /** An inside host may be asked without TLS. */
  plainInside?: true;
};

/** From POSTKEY_PRIVATE_HOSTS and POSTKEY_MAIL_PORTS. */
type Allowed = { privateHosts: ReadonlySet<string>; mailPorts: ReadonlySet<number> };

/** RFC 8314, RFC 6409, RFC 9051, RFC 1939 */
const MAIL_PORTS: ReadonlySet<number> = new Set([993, 995, 465, 587, 143, 110]);

/** “993, 995 or 465” */
export const MAIL_PORT_NAMES = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(
  [...MAIL_PORTS].map(String),
);

export function policyFor(
  presets: readonly Place[],
  allowed: () => Allowed,
  exemptions: Exemptions = {},
): EgressPolicy {
  const known = new Set(presets.map(({ host, port }) => `${host}:${port}`));
  return { ...exemptions, isPreset: (host, port) => known.has(`${host}:${port}`), allowed };
}

/** Includes the default port. */
export function placeOfUrl({ protocol, hostname: host, port }: URL): Place {
  return { host, port: Number(port || (protocol === "http:" ? HTTP_PORT : HTTPS_PORT)) };
}

export function mayUseMailPort({ host, port }: Place, policy: EgressPolicy): boolean {
  return (
    policy.isPreset(host, port) || MAIL_PORTS.has(port) || policy.allowed().mailPorts.has(port)
  );
}

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

export function mayUseHttpsPort(place: Place, policy: EgressPolicy): boolean {
  return policy.anyHttpsPort === true || place.port === HTTPS_PORT || mayBeInside(place, policy);
}

export function mayBePlain(place: Place, policy: EgressPolicy): boolean {
  return policy.plainInside === true && mayBeInside(place, policy);
}

/** The address its name resolved to. */
export function mayReach(place: Place, address: string, policy: EgressPolicy): boolean {
  return isPublicAddress(address) || mayBeInside(place, policy);
}

export function mayBeInside({ host, port }: Place, policy: EgressPolicy): boolean {
  return policy.isPreset(host, port) || policy.allowed().privateHosts.has(plainHost(host));
}

const REFUSALS = {
  PORT_REFUSED: "This port is not allowed.",
  PRIVATE_ADDRESS: "No usable address.",
} as const;

/** Nothing was connected to. */
export class EgressRefusal extends Error {
  override readonly name = "EgressRefusal";
  readonly code: keyof typeof REFUSALS;

  constructor(code: EgressRefusal["code"]) {
    super(REFUSALS[code]);
    this.code = code;
  }
}
