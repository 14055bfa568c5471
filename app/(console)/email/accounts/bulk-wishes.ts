/** What can be done with many accounts at once; each says what it asks, and what stops. */
export const BULK_WISHES = {
  contactListId: { item: "Set List …", verb: "Set List" },
  cloudProviderId: { item: "Move to a provider …", verb: "Move" },
  testSchedule: { item: "Set test schedule …", verb: "Set schedule" },
  activate: { item: "Activate", verb: "Activate" },
  deactivate: { item: "Deactivate …", verb: "Deactivate" },
  delete: { item: "Delete …", verb: "Delete" },
} as const;
/** What was done to the accounts, for the result. */
export const DONE: Readonly<Record<keyof typeof BULK_WISHES, string>> = {
  contactListId: "changed",
  cloudProviderId: "moved",
  testSchedule: "changed",
  activate: "activated",
  deactivate: "deactivated",
  delete: "deleted",
};
/** The same at the beginning of a sentence. */
export const SAID: Readonly<Record<keyof typeof BULK_WISHES, string>> = {
  contactListId: "Set the List of",
  cloudProviderId: "Moved",
  testSchedule: "Set the test schedule of",
  activate: "Activated",
  deactivate: "Deactivated",
  delete: "Deleted",
};
export type BulkWish = keyof typeof BULK_WISHES;
