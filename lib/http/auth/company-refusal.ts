import "server-only";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { somebodyOf } from "@/lib/access/company/claims";
import { refusalOf } from "@/lib/access/company/refusal";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { deriveKey } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import type { Claims } from "@/lib/oauth/openid/exchange";
import type { Remedy } from "@/lib/remedies/remedy";
import { cookieHeader } from "./company-cookie";
import { readCookie } from "./own-cookies";

/** As long as a person reads why they were refused. */
const LIFE_S = (5 * MINUTE_MS) / SECOND_MS;

/** With which account a browser came. The page takes the cause from its address alone, which anyone can write. */
const refusedSchema = z.object({
  refused: z.string(),
  company: z.string(),
  username: z.string(),
});

type Came = { company: string; claims: Claims };

/**
 * The header with which a browser remembers as whom it was refused, or that it was not.
 * @param page that explains it
 * @param came what the company proved, where it came to that
 */
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
  /** Null where this browser did not come with an account, or came with another outcome. */
  signedInAs: { company: string; username: string } | null;
};

/** Why a company sign-in failed, as the address of a page says, and as whom the person signed in at the company. */
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
