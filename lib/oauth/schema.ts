/** The identity platforms that Postkey speaks to: each has a folder here and a row in services.ts. */
export const SERVICE_IDS = ["microsoft_azure", "google"] as const;
export type ServiceId = (typeof SERVICE_IDS)[number];
