import { z } from "zod";
import { internationalAddressSchema } from "@/lib/kernel/fields/schema";

export const personSchema = z.strictObject({ email: internationalAddressSchema });

export const erasePersonSchema = z.strictObject({
  ...personSchema.shape,
  /** Otherwise its next message saves it again. */
  keepOut: z.boolean(),
});

export type Person = z.output<typeof personSchema>;

/** GDPR, Art. 15. */
export type PersonalData = {
  address: string;
  contact: {
    id: string;
    address: string;
    name: string;
    list: string;
    /** Where it was first seen. */
    source: string | null;
    addedAt: Date;
    firstSeenAt: Date | null;
    lastSeenAt: Date | null;
  } | null;
  /** Null: not kept out. */
  keptOutSince: Date | null;
  auditEvents: { id: string; at: Date; action: string; actorName: string }[];
  /** Changed or deleted there. */
  elsewhere: { kind: keyof typeof ELSEWHERE; name: string }[];
};

export const ELSEWHERE = {
  administrator: "Administrator",
  alert_channel: "Alert channel",
  authenticator: "Authenticator app",
  company_account: "Company account",
  email_account: "Email account",
  invitation: "Invitation",
  letter: "Mail with a link, cleared when you erase or block the address",
  passkey: "Passkey",
  session: "Session",
  sign_in: "Sign-in at a cloud provider",
  sign_in_link: "Sign-in link",
} as const;
