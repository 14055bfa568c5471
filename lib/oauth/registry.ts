import { google } from "./google/service";
import { microsoft } from "./microsoft/service";
import type { OAuthService, ServiceId } from "./service";

/** What every identity platform of schema.ts can do: asked through services.ts. */
export const REGISTRY: Readonly<Record<ServiceId, OAuthService>> = {
  microsoft_azure: microsoft,
  google,
};
