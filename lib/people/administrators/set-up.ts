import { requireUnlocked } from "@/lib/installation/keys/store";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import { isPasswordRefused } from "../company/store";
import { findOpenLink, type OpenLink, replaceSetupLink } from "../links/store";
import { hashPassword, requireNoAddress } from "./password-hash";
import type { SetUp } from "./schema";
import { countAdministrators, createAdministrator, createByLink } from "./store";

export async function isSetUpOpen(): Promise<boolean> {
  return (await countAdministrators()) === 0;
}

/** A new one voids the last; null when there is an administrator already. */
export async function createSetupToken(): Promise<string | null> {
  if (!(await isSetUpOpen())) return null;
  const token = randomToken();
  await replaceSetupLink(hashToken(token));
  return token;
}

/** @throws AppError not_found when the link is spent, unknown, void or too old */
export async function findInvitation({ token }: { token: string }): Promise<Invitation> {
  const link = await findOpenLink(hashToken(token));
  // The link of the first start is void once an administrator exists.
  if (!link || (link.invitedByName === null && !(await isSetUpOpen()))) throw linkRefused();
  return { ...link, isAtCompanyOnly: await isPasswordRefused(link.role) };
}

export type Invitation = OpenLink & { isAtCompanyOnly: boolean };

/** @throws AppError not_found for a link that opens nothing; conflict, also for a refused password */
export async function setUp({ token, name, email, password }: SetUp): Promise<void> {
  await requireUnlocked();
  const tokenHash = hashToken(token);
  // Before the hash, which costs a third of a second and 128 MiB.
  const link = await findOpenLink(tokenHash);
  if (!link) throw linkRefused();
  if (link.email !== null && link.email !== emailKey(email))
    throw fieldError("email", `This invitation is for ${link.email}.`);
  requireNoAddress(password, email);
  if (await isPasswordRefused(link.role))
    throw new AppError(
      "conflict",
      "People sign in at your company here. Reload this page and choose its button.",
    );
  const passwordHash = await hashPassword(password);
  const data = { name, email: emailKey(email), passwordHash };
  const created = await createByLink(tokenHash, data).catch(taken);
  if (!created) throw linkRefused();
}

function taken(error: unknown): never {
  const translated = translateDatabaseError(error);
  if (!(translated instanceof AppError) || translated.code !== "conflict") throw translated;
  const message = "An administrator with this address already exists.";
  throw new AppError("conflict", message, { cause: error, fields: { email: [message] } });
}

/** For an installation that hands out its sign-in by itself, as the demonstration does. */
export async function createInitialAdministrator(input: {
  name: string;
  email: string;
  password: string;
}): Promise<void> {
  if (!(await isSetUpOpen())) return;
  const passwordHash = await hashPassword(input.password);
  await createAdministrator({ name: input.name, email: emailKey(input.email), passwordHash });
}

function linkRefused(): AppError {
  return new AppError(
    "not_found",
    "This link was already used or has expired. Ask an administrator for a new one. If there is no administrator yet, Postkey prints a link when it starts.",
  );
}
