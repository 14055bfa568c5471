/** One change of a state, as the pages of a provider and of an account show it. */
export type StateChangeRow = {
  id: string;
  at: Date;
  /** Whose state: a sign-in's user name, or the name of the provider or the account itself. */
  subject: string;
  /** Empty for what was new. */
  fromState: string;
  toState: string;
  /** The same for people: one that is blocked by a policy is not asked to sign in again. */
  shownState: string;
  /** What the error catalogue calls the reason. */
  reason: string | null;
  /** Its id there. */
  failureId: string | null;
};
