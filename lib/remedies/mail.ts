import { CREDENTIAL_REMEDIES } from "./mail-credentials";
import { PROTOCOL_REMEDIES } from "./mail-protocols";
import { TRANSPORT_REMEDIES } from "./mail-transport";
import type { Remedy } from "./remedy";

/** What a connection test can fail with (`lib/mail`). */
export const MAIL_REMEDIES: readonly Remedy[] = [
  ...TRANSPORT_REMEDIES,
  ...PROTOCOL_REMEDIES,
  ...CREDENTIAL_REMEDIES,
];
