/** How the following of an account's inbox stands. */
export type CaptureRow = {
  contactListId: string;
  listName: string;
  /** Since when it is followed; null while nobody does. */
  followingSince: Date | null;
  lastReceivedAt: Date | null;
  /** Messages that were read, and contacts that were made of them, since the beginning. */
  messages: number;
  captured: number;
  failureId: string | null;
  failedAt: Date | null;
};
