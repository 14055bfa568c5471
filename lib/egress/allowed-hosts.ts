import "server-only";
import { isIP } from "node:net";
import { type FieldErrors, refuseFields } from "@/lib/kernel/errors";
import { plainHost } from "@/lib/kernel/networks";
import {
  type EgressPolicy,
  isPublicAddress,
  MAIL_PORT_NAMES,
  mayBeInside,
  mayUseMailPort,
} from "./policy";
import type { MailEndpoint, OwnHosts } from "./schema";

/** Names are checked again when connected to. @throws AppError unprocessable with fields */
export function requireAllowedHosts(
  hosts: Partial<OwnHosts> | null,
  policy: EgressPolicy,
  field = "hosts.",
): void {
  refuseFields(hostProblems(hosts, policy, field));
}

export function hostProblems(
  hosts: Partial<OwnHosts> | null,
  policy: EgressPolicy,
  field = "hosts.",
): FieldErrors {
  const fields: FieldErrors = {};
  for (const [protocol, endpoint] of Object.entries(hosts ?? {})) {
    if (!endpoint) continue;
    if (!isAllowedHost(endpoint, policy)) fields[`${field}${protocol}.host`] = [saysInside()];
    if (!mayUseMailPort(endpoint, policy))
      fields[`${field}${protocol}.port`] = [
        `Mail is served on ${MAIL_PORT_NAMES}. The operator can allow more with POSTKEY_MAIL_PORTS.`,
      ];
  }
  return fields;
}

export function saysInside(address = "This"): string {
  return `${address} is an address inside the network. The operator can allow it with POSTKEY_PRIVATE_HOSTS.`;
}

/** Checks the name, not what it resolves to. */
export function isAllowedHost(
  { host, port }: Pick<MailEndpoint, "host" | "port">,
  policy: EgressPolicy,
): boolean {
  if (mayBeInside({ host, port }, policy)) return true;
  const plain = plainHost(host);
  if (plain === "localhost" || plain.endsWith(".localhost")) return false;
  return isIP(plain) === 0 || isPublicAddress(plain);
}
