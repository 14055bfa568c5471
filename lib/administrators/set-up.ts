import "server-only";
import { fromNow, HOUR_MS } from "@/lib/clock";
import { hashToken, randomToken } from "@/lib/crypto";
import { AppError } from "@/lib/errors";
import { emailKey } from "@/lib/normalize";
import { hashPassword } from "./password-hash";
import type { SetUp } from "./schema";
import {
  countAdministrators,
  createAdministrator,
  createFirstAdministrator,
  replaceSetupLink,
} from "./store";

const LINK_LIFE_MS = 24 * HOUR_MS;

/** Whether nobody can sign in yet. */
export async function isSetUpOpen(): Promise<boolean> {
  return (await countAdministrators()) === 0;
}

/**
 * The token of the link with which the first administrator is created; a new one voids the last.
 * @returns null when there is an administrator already
 */
export async function createSetupToken(): Promise<string | null> {
  if (!(await isSetUpOpen())) return null;
  const token = randomToken();
  await replaceSetupLink(hashToken(token), fromNow(LINK_LIFE_MS));
  return token;
}

/** @throws AppError not_found when the link is spent, unknown or too old */
export async function setUp({ token, name, email, password }: SetUp): Promise<void> {
  if (!(await isSetUpOpen())) throw linkRefused();
  const passwordHash = await hashPassword(password);
  const data = { name, email: emailKey(email), passwordHash };
  if (!(await createFirstAdministrator(hashToken(token), data))) throw linkRefused();
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
    "This link was used already or is too old. Start Postkey again: it prints a new one while there is no administrator.",
  );
}
