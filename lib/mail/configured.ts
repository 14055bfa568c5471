import type { MailTls } from "@/lib/egress/mail-tls";
import { type EgressPolicy, policyFor } from "@/lib/egress/policy";
import { configuredTrust } from "@/lib/egress/trust";
import { env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";
import { configuredClouds } from "@/lib/oauth/configured-clouds";

export function configuredEgress(): EgressPolicy {
  return singleton("mail-egress", () =>
    policyFor(
      configuredClouds().flatMap(({ mail }) => Object.values(mail)),
      env,
    ),
  );
}

export function configuredMailTls(): MailTls {
  return { secureContext: configuredTrust() };
}
