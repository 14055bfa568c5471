import "server-only";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { deriveKey } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import type { Claims } from "@/lib/oauth/openid/exchange";
import { somebodyOf } from "@/lib/people/company/claims";
import { refusalOf } from "@/lib/people/company/refusal";
import type { Remedy } from "@/lib/remedies/remedy";
import { cookieHeader } from "./company-cookie";
import { readCookie } from "./own-cookies";

const LIFE_S = (5 * MINUTE_MS) / SECOND_MS;

/** The cause alone is in the address, which anyone can write. */
const refusedSchema = z.object({
  refused: z.string(),
  company: z.string(),
  username: z.string(),
});

type Came = { company: string; claims: Claims };

/** Binds the refusal page to this browser's account. @param page explains it */
export async function refusalCookie(page: string, came: Came | undefined): Promise<string> {
  const refused = new URL(page).searchParams.get("refused");
  if (!came || refused === null) return forgottenRefusal();
  const token = { refused, company: came.company, username: somebodyOf(came.claims).username };
  const value = await encode({ token, secret: secret(), maxAge: LIFE_S });
  return cookieHeader("company-refused", value, LIFE_S);
}

export function forgottenRefusal(): string {
  return cookieHeader("company-refused", "", 0);
}

type Refusal = {
  remedy: Remedy | null;
  /** Null: without an account, or another outcome. */
  signedInAs: { company: string; username: string } | null;
};

export async function readRefusal(query: Parameters<typeof refusalOf>[0]): Promise<Refusal> {
  const remedy = refusalOf(query);
  const token = await readCookie("company-refused");
  const kept = token ? await decode({ token, secret: secret() }).catch(() => null) : null;
  const { data } = refusedSchema.safeParse(kept);
  if (!remedy || !data || data.refused !== remedy.id) return { remedy, signedInAs: null };
  const { company, username } = data;
  return { remedy, signedInAs: { company, username } };
}

function secret(): string {
  return deriveKey(env().keyring, "company-refusal");
}
