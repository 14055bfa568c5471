import { z } from "zod";
import { internationalAddressSchema } from "@/lib/kernel/fields/schema";

export const personSchema = z.strictObject({ email: internationalAddressSchema });

export const erasePersonSchema = z.strictObject({
  ...personSchema.shape,
  /** Whether the address is kept out from now on; else its next message saves it again. */
  keepOut: z.boolean(),
});

export type Person = z.output<typeof personSchema>;

/** All that is stored about an address, as the person it belongs to may ask for (GDPR, Art. 15). */
export type PersonalData = {
  address: string;
  /** Null when it is no contact. */
  contact: {
    id: string;
    address: string;
    name: string;
    list: string;
    /** The account in whose inbox it was first seen. */
    source: string | null;
    addedAt: Date;
    firstSeenAt: Date | null;
    lastSeenAt: Date | null;
  } | null;
  /** Since when it is kept out, of which a hash is stored; null when it is not. */
  keptOutSince: Date | null;
  /** What was done with the contact, by whom. */
  auditEvents: { id: string; at: Date; action: string; actorName: string }[];
  /** Where else the address stands, as what it is there; it is changed or deleted there. */
  elsewhere: { kind: Elsewhere; name: string }[];
};

export type Elsewhere =
  | "administrator"
  | "alert_channel"
  | "authenticator"
  | "company_account"
  | "email_account"
  | "invitation"
  /** Erased with the person; all the rest is changed or deleted where it is. */
  | "letter"
  | "passkey"
  | "session"
  | "sign_in"
  | "sign_in_link";
