import { notFound, redirect } from "next/navigation";
import { routes } from "@/components/routes";
import { findClosedMailbox } from "@/lib/checks/closed/queries";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { type PageParameters, readPosition } from "@/lib/kernel/sections/schema";
import {
  type CloudProviderDetail,
  findCloudProvider,
  getProviderUse,
  listClouds,
} from "@/lib/registrations/queries";
import {
  findDeviceSignIn,
  findOutcome,
  listAuthorizations,
  listSignInFailures,
} from "@/lib/sign-ins/queries";
import { findUnreturned } from "@/lib/sign-ins/signed-in/queries";
import { listProviderHistory } from "@/lib/watch/state-changes/queries";

export type Shown = Awaited<ReturnType<typeof readShown>>;

export async function readShown(actor: Actor, named: string, parameters: PageParameters) {
  const requestId = idSchema.safeParse(parameters.authorization).data;
  const provider = await findNamed(actor, named, parameters);
  // Deleted during the sign-in: the list says so.
  if (!provider && requestId) redirect(`/settings/cloud-providers?authorization=${requestId}`);
  if (!provider) notFound();
  const { id, grant } = provider;
  const [authorizations, failures, use, outcome, waiting, unreturned, history, closed] =
    await Promise.all([
      listAuthorizations(actor, id, readPosition(parameters, "signedIn")),
      listSignInFailures(actor, id),
      getProviderUse(actor, id),
      requestId ? findOutcome(actor, requestId) : null,
      // Requested by this session and not used yet, also after a reload.
      grant === "device_code" ? findDeviceSignIn(actor, id) : null,
      findUnreturned(actor, { cloudProviderId: id }),
      listProviderHistory(actor, id, readPosition(parameters, "history")),
      grant === "app_only" ? findClosedMailbox(actor, id) : null,
    ]);
  const cloud = listClouds(actor).find((choice) => choice.id === provider.cloud);
  const read = { authorizations, failures, use, outcome, waiting, unreturned, history, closed };
  const place = { path: routes.cloudProvider(id), parameters };
  return { actor, provider, requestId, cloud, place, ...read, asked: askedOf(provider, read) };
}

async function findNamed(actor: Actor, named: string, parameters: PageParameters) {
  const id = idSchema.safeParse(named).data;
  return id ? findCloudProvider(actor, id, readPosition(parameters, "credentials")) : null;
}

type Read = { failures: readonly unknown[]; outcome: { kind: string } | null; waiting: unknown };

function askedOf(provider: CloudProviderDetail, { failures, outcome, waiting }: Read) {
  if (outcome?.kind === "confirm") return "answer";
  if (waiting) return "code";
  if (provider.pendingCertificate) return "prove_pending";
  if (provider.credentialInUse && !provider.credentialInUse.provedAt) return "prove";
  const isWrong = provider.failureId !== null || provider.redirectFailureId !== null;
  return failures.length > 0 || isWrong ? "repair" : "sign_in";
}
