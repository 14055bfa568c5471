import { createMailTls, type MailTls } from "@/lib/egress/mail-tls";
import type { EgressPolicy } from "@/lib/egress/policy";
import { policyFor } from "@/lib/egress/policy";
import { env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";
import { configuredClouds } from "@/lib/oauth/configured-clouds";

/** The mail servers of presets. */
export function configuredEgress(): EgressPolicy {
  return singleton("mail-egress", () =>
    policyFor(
      configuredClouds().flatMap(({ mail }) => Object.values(mail)),
      env,
    ),
  );
}

/** The trust of mail connections, with the operator's own authority (POSTKEY_CA_FILE). */
export function configuredMailTls(): MailTls {
  return singleton("mail-tls", () => {
    const { extraCaPem } = env();
    return createMailTls(extraCaPem ? { extraCaPem } : {});
  });
}
