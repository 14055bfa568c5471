/** What helps when an account cannot open its own mailbox. */
export const NO_MAILBOX_STEPS: readonly string[] = [
  "Run the test once more. It can be a passing fault.",
  "Check that the account has a mailbox, with the command below, and a licence for it.",
  "Open the mailbox in Outlook on the web with this account.",
];
