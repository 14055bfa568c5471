import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, can } from "@/lib/kernel/actor";
import { endOfDay, wallTime } from "@/lib/kernel/clock";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { decision } from "@/lib/people/decision";
import { findMaker } from "@/lib/people/makers/queries";
import {
  type CreateApiKey,
  createApiKeySchema,
  KEY_PERMISSIONS,
  revokeApiKeySchema,
} from "./schema";

/** The key is shown only this time. @throws AppError unprocessable with fields */
export const createApiKey = decision({
  input: createApiKeySchema,
  permission: "keys:write",
  proof: true,
  async run({ tx, actor }, input): Promise<{ key: string }> {
    const { expiresOn, accountIds, ...rest } = input;
    // In the row, no ids stand for all accounts.
    const limits = { ...rest, accountIds: accountIds ?? [] };
    const expiresAt = expiresOn === null ? null : endOfDay(expiresOn);
    requireNoMoreThan(actor, input);
    requirePossible(input, expiresAt);
    const id = randomUUID();
    const key = `pk_${randomToken()}`;
    await tx.apiKey.create({
      data: {
        ...limits,
        id,
        expiresAt,
        keyHash: hashToken(key),
        hint: key.slice(-4),
        createdByName: actor.name,
        createdById: await findMaker(tx, actor),
      },
      select: { id: true },
    });
    const object = { kind: "api_key", id, name: input.name };
    await recordAudit(tx, actor, {
      action: "api_key.create",
      object,
      detail: { ...limits, expiresOn },
    });
    return { key };
  },
});

/** A key must not allow more than its creator's own role does. */
function requireNoMoreThan(actor: Actor, { permissions }: CreateApiKey): void {
  const beyond = permissions.filter((each) => !can(actor, each));
  if (beyond.length === 0) return;
  const words = beyond.map((each) => KEY_PERMISSIONS[each]).join(", ");
  throw fieldError("permissions", `Your own role doesn't have: ${words}.`);
}

function requirePossible({ addresses }: CreateApiKey, expiresAt: Date | null): void {
  if (expiresAt && expiresAt.getTime() <= wallTime().getTime())
    throw fieldError("expiresOn", "This day has passed. Choose a later one.");
  if (addresses.length > 0 && !env().trustProxy)
    throw fieldError(
      "addresses",
      "Postkey can't see client addresses. Put it behind a proxy and name the proxy in POSTKEY_TRUST_PROXY.",
    );
}

export const revokeApiKey = decision({
  input: revokeApiKeySchema,
  permission: "keys:write",
  async run({ tx, actor }, { id }): Promise<void> {
    const [key] = await tx.apiKey.updateManyAndReturn({
      where: { id, revokedAt: null },
      data: { revokedAt: wallTime() },
      select: { name: true },
    });
    if (!key) throw new AppError("not_found", "This key no longer exists.");
    const object = { kind: "api_key", id, name: key.name };
    await recordAudit(tx, actor, { action: "api_key.revoke", object });
  },
});
