import { google } from "./google/service";
import { microsoft } from "./microsoft/service";
import type { OAuthService, ServiceId } from "./service";

/** Every identity platform that Postkey speaks to. */
const SERVICES: Readonly<Record<ServiceId, OAuthService>> = {
  microsoft_azure: microsoft,
  google,
};

export function serviceOf({ service }: { service: ServiceId }): OAuthService {
  return SERVICES[service];
}
