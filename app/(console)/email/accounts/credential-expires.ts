import type { CloudProviderDetail } from "@/lib/registrations/queries";

const EXPIRES: Readonly<Record<CloudProviderDetail["credentialKind"], string>> = {
  client_secret: "Client secret expires",
  certificate: "Certificate expires",
  federated_token: "Federated token expires",
  managed_identity: "Managed identity expires",
  service_account: "Key expires",
};

export function credentialExpires(kind: string | null): string {
  return Object.entries(EXPIRES).find(([each]) => each === kind)?.[1] ?? "Credential expires";
}
