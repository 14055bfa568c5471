import { z } from "zod";
import { idSchema, nameSchema } from "@/lib/kernel/fields/schema";

/** More than any authenticator answers with. */
const RESPONSE_MAX = 20_000;

/** @param response what the browser made of the options, as JSON */
export const addPasskeySchema = z.strictObject({
  name: nameSchema,
  response: z.string().max(RESPONSE_MAX),
});
export const newPasskeySchema = addPasskeySchema.pick({ name: true });
export const provePasskeySchema = z.strictObject({ response: z.string().max(RESPONSE_MAX) });
export const removePasskeySchema = z.strictObject({ id: idSchema });

export type AddPasskey = z.infer<typeof addPasskeySchema>;

/** In base64url, as WebAuthn encodes it. */
const credentialId = z
  .string()
  .max(2_000)
  .regex(/^[\w-]+$/);

const base = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  clientExtensionResults: z.object({}),
};

/** RegistrationResponseJSON and AuthenticationResponseJSON of WebAuthn Level 3, as far as they are read. */
export const registrationResponseSchema = z.object({
  ...base,
  response: z.object({
    clientDataJSON: z.string(),
    attestationObject: z.string(),
    transports: z
      .array(
        z
          .string()
          .max(30)
          .regex(/^[\w-]+$/),
      )
      .max(10)
      .default([]),
  }),
});
export const authenticationResponseSchema = z.object({
  ...base,
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    signature: z.string(),
    userHandle: z.string().max(200).nullish(),
  }),
});

export function readResponse<S extends z.ZodType>(schema: S, json: unknown): z.output<S> | null {
  const text = z.string().max(20_000).safeParse(json);
  if (!text.success) return null;
  try {
    return schema.safeParse(JSON.parse(text.data)).data ?? null;
  } catch {
    return null;
  }
}
