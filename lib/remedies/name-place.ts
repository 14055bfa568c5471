import type { RepairButton, RepairObject } from "./remedy";

const OF_MAILBOX = /\bMailbox of the account\b/;

/**
 * Another delegate is chosen where the account is edited, at the field of that name. A mailbox that is not the one
 * that was meant, or none at all, is mended at the field of its own.
 */
export function atNames(
  buttons: RepairButton[],
  steps: readonly string[],
  account: RepairObject["account"],
): RepairButton[] {
  if (!account || !buttons.some(({ kind }) => kind === "choose_delegate")) return buttons;
  const opens = `${editOf(account)}?field=${account.mailboxField ?? "mailbox"}`;
  const ofMailbox: RepairButton = {
    kind: "edit_account",
    label: "Edit the mailbox",
    does: { opens },
  };
  const isOfMailbox = steps.some((step) => OF_MAILBOX.test(step));
  return buttons.flatMap((button) => {
    if (button.kind === "edit_account") return [];
    return button.kind === "choose_delegate" && isOfMailbox ? [button, ofMailbox] : [button];
  });
}

/** The form of an account. */
export function editOf({ id }: { id: string }): string {
  return `/email/accounts/${id}/edit`;
}
