import "server-only";
import { isIP } from "node:net";
import { AppError, type FieldErrors } from "@/lib/kernel/errors";
import { plainHost } from "@/lib/kernel/networks";
import { type EgressPolicy, MAIL_PORT_NAMES, mayBeInside, mayUseMailPort } from "./policy";
import { isPublicAddress } from "./public-address";
import type { MailEndpoint, MailHosts } from "./schema";

/**
 * Refuses hosts that a form must not reach: literal private addresses, this machine, odd ports. The
 * operator's lists (POSTKEY_PRIVATE_HOSTS, POSTKEY_MAIL_PORTS) allow more. What a name resolves to
 * is checked again whenever it is connected to.
 *
 * @param field where the form keeps them
 * @throws AppError unprocessable with a message per field
 */
export function requireAllowedHosts(
  hosts: Partial<MailHosts> | null,
  policy: EgressPolicy,
  field = "hosts.",
): void {
  const fields = hostProblems(hosts, policy, field);
  const [first] = Object.values(fields);
  if (first) throw new AppError("unprocessable", first[0] ?? "", { fields });
}

/** The same, as the messages by field. */
export function hostProblems(
  hosts: Partial<MailHosts> | null,
  policy: EgressPolicy,
  field = "hosts.",
): FieldErrors {
  const fields: FieldErrors = {};
  for (const [protocol, endpoint] of Object.entries(hosts ?? {})) {
    if (!isAllowedHost(endpoint, policy)) fields[`${field}${protocol}.host`] = [saysInside()];
    if (!mayUseMailPort(endpoint, policy))
      fields[`${field}${protocol}.port`] = [
        `Mail is served on ${MAIL_PORT_NAMES}. The operator can allow more with POSTKEY_MAIL_PORTS.`,
      ];
  }
  return fields;
}

/** What people read who name an address that only the operator can allow; one sentence, wherever they typed it. */
export function saysInside(address = "This"): string {
  return `${address} is an address inside the network. The operator can allow it with POSTKEY_PRIVATE_HOSTS.`;
}

/** Whether a form may name this host; what it resolves to is another question. */
export function isAllowedHost(
  { host, port }: Pick<MailEndpoint, "host" | "port">,
  policy: EgressPolicy,
): boolean {
  if (mayBeInside({ host, port }, policy)) return true;
  const plain = plainHost(host);
  if (plain === "localhost" || plain.endsWith(".localhost")) return false;
  return isIP(plain) === 0 || isPublicAddress(plain);
}
