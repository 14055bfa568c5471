import { z } from "zod";
import { hostProblems } from "@/lib/egress/allowed-hosts";
import { endpointSchema } from "@/lib/egress/schema";
import type { FieldErrors } from "@/lib/kernel/errors";
import { configuredEgress } from "@/lib/mail/configured";
import { originProblems } from "@/lib/registrations/hosts/require-allowed";
import { providerHostsSchema } from "@/lib/registrations/hosts/schema";

/** An invalid endpoint has errors of its own. */
const endpoint = endpointSchema.optional().catch(undefined);
const mailHosts = { imap: endpoint, smtp: endpoint, pop3: endpoint };
const { authority, scopeHost, graph } = providerHostsSchema.shape;
const hosts = z.object({
  ...mailHosts,
  authority: authority.optional().catch(undefined),
  scopeHost: scopeHost.optional().catch(undefined),
  graph: graph.optional().catch(undefined),
  mail: z.object(mailHosts).optional().catch(undefined),
});
const bodySchema = z.object({ smtp: endpoint, hosts: hosts.optional().catch(undefined) }).catch({});

/** So that a program learns of all problems in one answer, not two. */
export function forbiddenHosts(body: unknown): FieldErrors {
  const { smtp, hosts: { mail, authority, scopeHost, graph, ...own } = {} } =
    bodySchema.parse(body);
  const policy = configuredEgress();
  return {
    ...originProblems({ authority, scopeHost, graph }),
    ...hostProblems(given({ smtp }), policy, ""),
    ...hostProblems(given(own), policy),
    ...hostProblems(given(mail ?? {}), policy, "hosts.mail."),
  };
}

type Endpoint = z.output<typeof endpoint>;

function given(found: Readonly<Record<string, Endpoint>>) {
  return Object.fromEntries(Object.entries(found).filter(([, each]) => each !== undefined));
}
