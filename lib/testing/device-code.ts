import { POSTKEY } from "@/lib/keeper/postkey";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { pollDeviceCodes } from "@/lib/sign-ins/device-code";
import { findDeviceSignIn } from "@/lib/sign-ins/queries";
import { ALICE } from "./sign-in";

/** What a person does on the other device with the code that is shown to this actor. */
export async function typeDeviceCode(
  actor: Actor,
  cloudProviderId: string,
  fields: Record<string, string> = { account: ALICE },
): Promise<void> {
  const pending = await findDeviceSignIn(actor, cloudProviderId);
  const body = new URLSearchParams({ code: pending?.userCode ?? "", ...fields });
  await fetch(pending?.verificationUri ?? "", { method: "POST", body });
}

/** One turn of the keeper, without waiting for it. */
export async function pollDeviceCodesNow(): Promise<void> {
  await db().authorizationRequest.updateMany({
    where: { nextPollAt: { not: null } },
    data: { nextPollAt: new Date(0) },
  });
  await pollDeviceCodes(POSTKEY);
}
