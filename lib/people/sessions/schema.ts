import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";

export const endSessionSchema = z.strictObject({ id: idSchema });
export const endOtherSessionsSchema = z.strictObject({});
export const endSessionsOfSchema = z.strictObject({ administratorId: idSchema });

/** How a session began; at the company its own rules decide about second factors. */
export const SESSION_METHOD_LABELS = {
  password: "Password",
  totp: "Password and code",
  recovery_code: "Password and recovery code",
  passkey: "Passkey",
  company: "Company",
} as const;
export type SessionMethod = keyof typeof SESSION_METHOD_LABELS;

/** A passkey asks for the person's finger, face or PIN as well. */
export function isTwoFactors(method: SessionMethod): boolean {
  return method === "totp" || method === "recovery_code" || method === "passkey";
}

export type SessionRow = {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  browser: string;
  address: string | null;
  method: SessionMethod;
  company: string | null;
  isThis: boolean;
};
