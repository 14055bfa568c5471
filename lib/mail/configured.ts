import { env } from "@/lib/env";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { singleton } from "@/lib/singleton";
import type { EgressPolicy } from "./egress";
import { createMailTls, type MailTls } from "./mail-tls";

/** RFC 8314, RFC 6409, RFC 5321, RFC 9051, RFC 1939: where mail servers listen. */
const STANDARD_PORTS = new Set([993, 995, 465, 587, 143, 110, 25]);

/** The hosts of presets and those that the operator lists may stand inside the network. */
export function configuredEgress(): EgressPolicy {
  return singleton("egress-policy", () => {
    const { privateHosts, mailPorts } = env();
    const presets = new Set(
      configuredClouds().flatMap(({ mail }) =>
        Object.values(mail).map(({ host, port }) => `${host}:${port}`),
      ),
    );
    return {
      allowPrivate: (host, port) =>
        presets.has(`${host}:${port}`) ||
        (privateHosts.has(host) && (STANDARD_PORTS.has(port) || mailPorts.has(port))),
    };
  });
}

/** The trust of mail connections, with the operator's own authority (POSTKEY_CA_FILE). */
export function configuredMailTls(): MailTls {
  return singleton("mail-tls", () => {
    const { extraCaPem } = env();
    return createMailTls(extraCaPem ? { extraCaPem } : {});
  });
}
