import { Stack } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { EmptyState } from "@/components/empty-state";
import { Page } from "@/components/page";
import { requireUser } from "@/lib/auth/session";
import { findOutcome } from "@/lib/authorizations/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { idSchema } from "@/lib/fields/schema";
import { findMovable } from "@/lib/migration/queries";
import { findRemedy } from "@/lib/remedies/catalogue";
import { SignInOutcome } from "../../../settings/cloud-providers/[cloudProviderId]/sign-in-outcome";
import { MoveAccountForm } from "./move-account-form";

export const metadata: Metadata = { title: "Move an account" };

/** What was chosen before somebody left to sign in. */
const paramsSchema = z.object({
  provider: idSchema.optional().catch(undefined),
  username: z.string().max(320).optional().catch(undefined),
  authorization: idSchema.optional().catch(undefined),
});

type Props = PageProps<"/email/migration/[emailAccountId]">;

export default async function MoveAccountPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const id = idSchema.safeParse((await params).emailAccountId).data;
  const account = id ? await findEmailAccount(actor, id) : null;
  if (!account) notFound();
  const { provider, username, authorization } = paramsSchema.parse(await searchParams);
  const outcome = authorization ? await findOutcome(actor, authorization) : null;
  return (
    <Page
      title={`Move ${account.name}`}
      description="From its password to a provider. It is tested first, and moved only when everything works."
      parent={{ href: "/email/migration", label: "Migration" }}
      width="form"
    >
      {account.modernAuthentication ? (
        <EmptyState icon={<IconShieldCheck size={40} stroke={1.3} />} title="Nothing is left to do">
          {account.name} signs in through {account.cloudProviderName ?? "a provider"}, without a
          password.
        </EmptyState>
      ) : (
        <Stack gap="lg">
          {authorization && outcome && (
            <SignInOutcome
              outcome={outcome}
              authorizationRequestId={authorization}
              providerName="Move"
              {...(outcome.kind === "failed" && { remedy: findRemedy(outcome.remedyId) })}
            />
          )}
          <MoveAccountForm
            account={await findMovable(actor, account.id)}
            chosen={{ cloudProviderId: provider, username }}
          />
        </Stack>
      )}
    </Page>
  );
}
