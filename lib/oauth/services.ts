import { google } from "./google/service";
import { microsoft } from "./microsoft/service";
import { SERVICE_IDS } from "./schema";
import type { OAuthService, ServiceId } from "./service";

/** Every identity platform that Postkey speaks to. */
const SERVICES: Readonly<Record<ServiceId, OAuthService>> = {
  microsoft_azure: microsoft,
  google,
};

export function serviceOf({ service }: { service: ServiceId }): OAuthService {
  return SERVICES[service];
}

/** What statements ask about providers of a service, a row each. */
export type ServiceFacts = {
  id: ServiceId;
  /** Ids of the error catalogue, as in `Refusals`. */
  refusalPrefix: string;
  endedCredential: readonly string[];
  endedSecret: string | null;
};

export function listServiceFacts(): ServiceFacts[] {
  return SERVICE_IDS.map((id) => {
    const { prefix, endedCredential, endedSecret } = serviceOf({ service: id }).refusals;
    return { id, refusalPrefix: prefix, endedCredential, endedSecret };
  });
}
