import type { Entry } from "./remedy";
import { run, test } from "./steps";

/** What helps when an account cannot open its own mailbox. */
export const NO_MAILBOX_STEPS: Entry["steps"] = [
  test`{Press}. It can be a passing fault.`,
  run`Check that the account has a mailbox, with {command}, and a licence for it.`,
  "Open the mailbox in its web mail with this account.",
];
