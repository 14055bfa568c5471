import { Stack } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { EmptyState } from "@/components/list-page";
import { Page } from "@/components/page";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import { requireUserOf } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { pick } from "@/lib/kernel/pick";
import { searchMoveTargets } from "@/lib/migration/queries";
import { type CloudProviderDetail, findCloudProvider } from "@/lib/registrations/queries";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";
import { findOutcome } from "@/lib/sign-ins/queries";
import { SignInOutcome } from "../../../settings/cloud-providers/[cloudProviderId]/sign-in-outcome";
import { MoveAccountForm } from "./move-account-form";

const paramsSchema = z.object({
  provider: idSchema.optional().catch(undefined),
  username: z.string().max(320).optional().catch(undefined),
  authorization: idSchema.optional().catch(undefined),
});

type Props = PageProps<"/email/migration/[emailAccountId]">;

export default async function MoveAccountPage({ params, searchParams }: Props) {
  const actor = await requireUserOf("/email/migration/[emailAccountId]");
  const id = idSchema.safeParse((await params).emailAccountId).data;
  const account = id ? await findEmailAccount(actor, id) : null;
  const asked = paramsSchema.parse(await searchParams);
  // Deleted during the sign-in: the provider's page shows the outcome.
  if (!account && asked.provider && asked.authorization)
    redirect(`/settings/cloud-providers/${asked.provider}?authorization=${asked.authorization}`);
  if (!account) notFound();
  return (
    <Page
      title={`Move ${account.name}`}
      description="From a password to a cloud provider. Postkey tests first, and moves the account only if everything works."
      parent={{ href: "/email/migration", label: "Migration" }}
      width="form"
    >
      {account.modernAuthentication ? (
        <EmptyState icon={IconShieldCheck} title="Nothing left to do">
          {account.name} signs in through {account.cloudProviderName ?? "a provider"}, without a
          password.
        </EmptyState>
      ) : (
        <Move actor={actor} account={account} {...asked} />
      )}
    </Page>
  );
}

type MoveProps = z.output<typeof paramsSchema> & { actor: Actor; account: EmailAccountDetail };

async function Move({ actor, account, provider, username, authorization }: MoveProps) {
  const [outcome, wanted, providers] = await Promise.all([
    authorization ? findOutcome(actor, authorization) : null,
    provider ? findCloudProvider(actor, provider) : null,
    searchMoveTargets(actor, { service: account.service, search: "" }),
  ]);
  return (
    <Stack gap="lg">
      {authorization && outcome && (
        <SignInOutcome
          outcome={outcome}
          authorizationRequestId={authorization}
          providerName="Move"
          service={wanted?.service ?? null}
          {...(outcome.kind === "failed" && { remedy: remedyFor(outcome.remedyId, wanted) })}
        />
      )}
      <MoveAccountForm
        account={pick(account, ["id", "name", "emailAddress", "service"])}
        providers={providers}
        chosen={wanted ? pick(wanted, ["id", "name"]) : (providers.found[0] ?? null)}
        username={username ?? account.emailAddress}
      />
    </Stack>
  );
}

function remedyFor(remedyId: string, provider: CloudProviderDetail | null): Remedy {
  const context = { ...(provider && remedyContext(provider)), once: "sign_in" } as const;
  return fillRemedy(findRemedy(remedyId), context);
}
