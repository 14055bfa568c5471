import type { MailEndpoint, Protocol } from "@/lib/egress/schema";
import type { DeviceRow, GatewayDescription } from "./schema";

/** What is entered in a device for one protocol. */
export type Connection = {
  protocol: Protocol;
  host: string;
  port: number;
  tls: MailEndpoint["tls"];
  userName: string;
  /** Networks that may log in without TLS. */
  plaintextFrom: string[];
  /** The only networks that it serves, which know TLS 1.0 and 1.1 alone; null where it serves others too. */
  oldTlsFrom: string[] | null;
};

/** Where a device may connect, by what it may do, in the order of the configuration. */
export function connectionsOf(
  { protocols, emailAddress: userName }: Pick<DeviceRow, "protocols" | "emailAddress">,
  { host, listeners }: GatewayDescription,
): Connection[] {
  return listeners
    .filter(({ protocol }) => protocols.includes(protocol))
    .map(({ oldTls, plaintext, ...listener }) => ({
      ...listener,
      host,
      userName,
      plaintextFrom: [...(plaintext ?? [])],
      oldTlsFrom: oldTls ? [...oldTls] : null,
    }));
}
