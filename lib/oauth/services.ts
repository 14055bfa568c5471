import { SERVICE_IDS } from "./platforms/schema";
import { REGISTRY } from "./registry";
import type { OAuthService, ServiceId } from "./service";

export function serviceOf({ service }: { service: ServiceId }): OAuthService {
  return REGISTRY[service];
}

/** The one that sends browsers to this path. */
export function serviceAt(callbackPath: string): OAuthService | undefined {
  return SERVICE_IDS.map((service) => serviceOf({ service })).find(
    (each) => each.callbackPath === callbackPath,
  );
}

/** Whether one of them sends browsers there. */
export function isCallbackPath(path: string): boolean {
  return serviceAt(path) !== undefined;
}

/** Whether it is what one of them says for that, by its id in the error catalogue. */
export function isSaidBySome(what: "cancelled" | "unconsented", remedyId: string): boolean {
  return SERVICE_IDS.some((service) => serviceOf({ service }).refusals[what].includes(remedyId));
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
