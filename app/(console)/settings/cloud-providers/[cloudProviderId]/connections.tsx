import type { Actor } from "@/lib/kernel/actor";
import { listProviderMailboxes } from "@/lib/registrations/queries";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import type { AuthorizationRow } from "@/lib/sign-ins/schema";
import { DomainWideDelegation } from "../domain-wide-delegation";
import { AppOnlyAccess } from "./app-only-access";
import { AuthorizationTable } from "./authorization-table";
import { Section } from "./section";

type ConnectionsProps = {
  actor: Actor;
  provider: CloudProviderDetail;
  authorizations: AuthorizationRow[];
};

/** Who is signed in; of an application that signs in by itself also how it gets to the mailboxes. */
export async function Connections({ actor, provider, authorizations }: ConnectionsProps) {
  if (!isByItself(provider.grant))
    return (
      <Section title="Signed in">
        <AuthorizationTable rows={authorizations} grant={provider.grant} />
      </Section>
    );
  return (
    <>
      <Section title="Connected">
        <AuthorizationTable rows={authorizations} grant={provider.grant} />
      </Section>
      <Section title="Access of the application">
        {provider.grant === "domain_wide" ? (
          <DomainWideDelegation clientId={provider.clientId} />
        ) : (
          <AppOnlyAccess
            clientId={provider.clientId}
            objectId={authorizations[0]?.objectId || null}
            mailboxes={await listProviderMailboxes(actor, provider.id)}
          />
        )}
      </Section>
    </>
  );
}
