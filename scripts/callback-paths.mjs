/**
 * Where each identity platform sends browsers back to, for the sandbox, which refuses any other address.
 * What starts it can't load the services (lib/oauth/registry.ts): e2e/house/callback-paths.test.ts compares.
 */
export const CALLBACK_PATHS = [
  "/api/cloudProviders/oauth2/microsoft/callback",
  "/api/cloudProviders/oauth2/google/callback",
];
