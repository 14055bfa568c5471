export const BULK_VERBS = {
  contactListId: "Set List",
  cloudProviderId: "Move",
  testSchedule: "Set schedule",
  activate: "Activate",
  deactivate: "Deactivate",
  delete: "Delete",
} as const;
export const DONE: Readonly<Record<keyof typeof BULK_VERBS, string>> = {
  contactListId: "changed",
  cloudProviderId: "moved",
  testSchedule: "changed",
  activate: "activated",
  deactivate: "deactivated",
  delete: "deleted",
};
export const SAID: Readonly<Record<keyof typeof BULK_VERBS, string>> = {
  contactListId: "Set the List of",
  cloudProviderId: "Moved",
  testSchedule: "Set the test schedule of",
  activate: "Activated",
  deactivate: "Deactivated",
  delete: "Deleted",
};
export type BulkWish = keyof typeof BULK_VERBS;
