import { google } from "./google/service";
import { microsoft } from "./microsoft/service";
import type { OAuthService, ServiceId } from "./service";

export const REGISTRY: Readonly<Record<ServiceId, OAuthService>> = {
  microsoft_azure: microsoft,
  google,
};
