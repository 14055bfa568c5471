import { Stack } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { EmptyState } from "@/components/empty-state";
import { Page } from "@/components/page";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { findMovable, findMoveTarget, searchMoveTargets } from "@/lib/migration/queries";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { findCloudProvider } from "@/lib/registrations/queries";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";
import { findOutcome } from "@/lib/sign-ins/queries";
import type { Outcome } from "@/lib/sign-ins/schema";
import { SignInOutcome } from "../../../settings/cloud-providers/[cloudProviderId]/sign-in-outcome";
import { MoveAccountForm } from "./move-account-form";

export const metadata: Metadata = { title: "Move an account" };

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
  const { provider, username, authorization } = paramsSchema.parse(await searchParams);
  // Deleted during the sign-in: the provider's page shows the outcome.
  if (!account && provider && authorization)
    redirect(`/settings/cloud-providers/${provider}?authorization=${authorization}`);
  if (!account) notFound();
  const outcome = authorization ? await findOutcome(actor, authorization) : null;
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
        <Stack gap="lg">
          {authorization && outcome && (
            <CameBack
              actor={actor}
              requestId={authorization}
              outcome={outcome}
              cloudProviderId={provider}
            />
          )}
          <MoveAccountForm
            {...(await moveChoices(actor, {
              emailAccountId: account.id,
              cloudProviderId: provider,
              username: username ?? account.emailAddress,
            }))}
          />
        </Stack>
      )}
    </Page>
  );
}

type Chosen = { emailAccountId: string; cloudProviderId: string | undefined; username: string };

async function moveChoices(actor: Actor, { emailAccountId, cloudProviderId, username }: Chosen) {
  const [account, providers] = await Promise.all([
    findMovable(actor, emailAccountId),
    searchMoveTargets(actor, { emailAccountId, search: "" }),
  ]);
  const chosen = cloudProviderId ?? providers.found[0]?.id;
  const target = chosen
    ? await findMoveTarget(actor, { emailAccountId, cloudProviderId: chosen, username })
    : null;
  return { account, providers, target, username };
}

type CameBackProps = {
  actor: Actor;
  requestId: string;
  outcome: Outcome;
  cloudProviderId: string | undefined;
};

async function CameBack({ actor, requestId, outcome, cloudProviderId }: CameBackProps) {
  const provider = cloudProviderId ? await findCloudProvider(actor, cloudProviderId) : null;
  return (
    <SignInOutcome
      outcome={outcome}
      authorizationRequestId={requestId}
      providerName="Move"
      service={provider?.service ?? null}
      {...(outcome.kind === "failed" && { remedy: remedyFor(outcome.remedyId, provider) })}
    />
  );
}

function remedyFor(remedyId: string, provider: CloudProviderDetail | null): Remedy {
  const context = { ...(provider && remedyContext(provider)), once: "sign_in" } as const;
  return fillRemedy(findRemedy(remedyId), context);
}
