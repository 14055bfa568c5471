/** What can be done with many accounts at once; each says what it asks, and what stops. */
export const BULK_WISHES = {
  contactListId: { item: "Set List …", verb: "Set List" },
  cloudProviderId: { item: "Set Cloud Provider …", verb: "Set Cloud Provider" },
  testSchedule: { item: "Set test schedule …", verb: "Set schedule" },
  activate: { item: "Activate", verb: "Activate" },
  deactivate: { item: "Deactivate …", verb: "Deactivate" },
  delete: { item: "Delete …", verb: "Delete" },
} as const;
export type BulkWish = keyof typeof BULK_WISHES;

export function accountsText(count: number): string {
  return count === 1 ? "1 account" : `${count.toLocaleString("en")} accounts`;
}
