export type StateChangeRow = {
  id: string;
  at: Date;
  subject: string;
  /** Empty if new. */
  fromState: string;
  toState: string;
  /** For people: blocked by a policy is not "sign in again". */
  shownState: string;
  reason: string | null;
  failureId: string | null;
};
