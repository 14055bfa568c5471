import { SectionPages } from "@/components/list-footer";
import { Section } from "@/components/section";
import type { Actor } from "@/lib/kernel/actor";
import type { Page } from "@/lib/kernel/paging/schema";
import type { PageParameters } from "@/lib/kernel/turns/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { listProviderMailboxes } from "@/lib/registrations/use/queries";
import type { AuthorizationRow } from "@/lib/sign-ins/schema";
import { DomainWideDelegation } from "../domain-wide-delegation";
import { AppOnlyAccess } from "./app-only-access";
import { AuthorizationTable } from "./authorization-table";

type ConnectionsProps = {
  actor: Actor;
  provider: CloudProviderDetail;
  authorizations: Page<AuthorizationRow>;
  /** Of the page that they are a section of. */
  path: string;
  parameters: PageParameters;
};

/** Who is signed in; of an application that signs in by itself also how it gets to the mailboxes. */
export async function Connections(props: ConnectionsProps) {
  const { actor, provider, authorizations, ...place } = props;
  const table = (
    <>
      <AuthorizationTable rows={authorizations.rows} grant={provider.grant} />
      <SectionPages
        list={authorizations}
        section="signedIn"
        noun={{ one: "sign-in", many: "sign-ins" }}
        {...place}
      />
    </>
  );
  if (!isByItself(provider.grant))
    return (
      <Section title="Signed in" id="signed-in">
        {table}
      </Section>
    );
  return (
    <>
      <Section title="Connected" id="signed-in">
        {table}
      </Section>
      <Section title="Access of the application">
        {provider.grant === "domain_wide" ? (
          <DomainWideDelegation clientId={provider.clientId} />
        ) : (
          <AppOnlyAccess
            clientId={provider.clientId}
            objectId={authorizations.rows[0]?.objectId || null}
            {...(await listProviderMailboxes(actor, provider.id))}
          />
        )}
      </Section>
    </>
  );
}
