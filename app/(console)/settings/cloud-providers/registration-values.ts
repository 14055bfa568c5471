import type { ProviderHosts } from "@/lib/cloud-providers/hosts/schema";
import type { Grant, ServiceId } from "@/lib/cloud-providers/schema";

/** The fields that a new registration and an edited one share. */
export type RegistrationValues = {
  name: string;
  service: ServiceId;
  type: "outlook365" | "gmail";
  cloud: string;
  accountTypes: "tenant" | "organizations" | "organizations_and_personal";
  grant: Grant;
  clientId: string;
  tenantId: string;
  hosts: ProviderHosts | null;
};
