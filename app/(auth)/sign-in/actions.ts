"use server";

import { beginPasskeySchema } from "@/lib/access/passkeys/schema";
import { beginPasskey } from "@/lib/access/passkeys/verify";
import { definePublicAction } from "@/lib/http/action";
import { rememberCeremony } from "@/lib/http/auth/ceremony-cookie";

export const beginPasskeySignInAction = definePublicAction(beginPasskeySchema, async () => {
  const { options, token } = await beginPasskey(null);
  await rememberCeremony("passkey", token);
  return options;
});
