/** `said` begins what is told of the accounts, which were `done`. */
export const WISHES = {
  contactListId: {
    item: "Set List …",
    verb: "Set List",
    done: "changed",
    said: "Set the List of",
    means: "New senders of these accounts are saved to this list from now on.",
  },
  cloudProviderId: {
    item: "Move to a provider …",
    verb: "Move",
    done: "moved",
    said: "Moved",
    means:
      "These accounts use the sign-ins of this provider from now on. An account whose user name is not signed in there stops working until it is. Sign in then shows who has to sign in.",
  },
  testSchedule: {
    item: "Set test schedule …",
    verb: "Set schedule",
    done: "changed",
    said: "Set the test schedule of",
    means: "Postkey tests these accounts at this interval, spread evenly.",
  },
  sendsBy: {
    item: "Set sending …",
    verb: "Set sending",
    done: "changed",
    said: "Set the sending of",
    means:
      "Postkey sends and tests the mail of these accounts this way. Where its consent is missing, the test fails: an administrator grants it for all on the provider's page, or each owner signs in again.",
  },
  readsBy: {
    item: "Set reading …",
    verb: "Set reading",
    done: "changed",
    said: "Set the reading of",
    means:
      "Postkey reads and tests the mail of these accounts this way. Where its consent is missing, the test fails: an administrator grants it for all on the provider's page, or each owner signs in again.",
  },
  activate: {
    item: "Activate",
    verb: "Activate",
    done: "activated",
    said: "Activated",
    means: "Programs get tokens for these accounts again, and scheduled tests resume.",
  },
  deactivate: {
    item: "Deactivate …",
    verb: "Deactivate",
    done: "deactivated",
    said: "Deactivated",
    means:
      "Programs get no tokens for these accounts: sending and receiving stops until you activate them again.",
  },
  delete: {
    item: "Delete …",
    verb: "Delete",
    done: "deleted",
    said: "Deleted",
    means:
      "Programs that use these accounts stop sending and receiving. Their test reports are deleted; the sign-ins at their providers stay. This can't be undone.",
  },
} as const;
export type BulkWish = keyof typeof WISHES;
