import type { RepairButton, RepairObject } from "./remedy";

/** The last token may work for an hour and proves nothing. */
export function withFreshToken(button: RepairButton): RepairButton {
  const { does } = button;
  if ("testsIncident" in does || "testsFailed" in does)
    return { ...button, does: { ...does, isFresh: true } };
  if (!("opens" in does)) return button;
  return { ...button, does: { opens: does.opens.replace(TESTED, "?test=fresh") } };
}

/** Hosts are folded in a provider's form. */
export function atHosts(button: RepairButton, { hostsAt }: RepairObject): RepairButton {
  const { kind, does } = button;
  const field = hostsAt && FIELD_OF_HOSTS[`${hostsAt} ${kind}`];
  return field && "opens" in does
    ? { ...button, does: { opens: `${does.opens}?field=${field}` } }
    : button;
}

const FIELD_OF_HOSTS: Readonly<Record<string, string>> = {
  "provider edit_provider": "hosts",
  "account edit_account": "hosts.imap.host",
};

/** A delegate and a wrong mailbox have different fields. */
export function atNames(
  buttons: RepairButton[],
  isOfMailbox: boolean,
  account: RepairObject["account"],
): RepairButton[] {
  if (!account || !buttons.some(({ kind }) => kind === "choose_delegate")) return buttons;
  const opens = `${editOf(account)}?field=${account.mailboxField ?? "mailbox"}`;
  const ofMailbox: RepairButton = {
    kind: "edit_account",
    label: "Edit the mailbox",
    does: { opens },
  };
  return buttons.flatMap((button) => {
    if (button.kind === "edit_account") return [];
    return button.kind === "choose_delegate" && isOfMailbox ? [button, ofMailbox] : [button];
  });
}

const TESTED = /\?test=now$/;

export function editOf({ id }: { id: string }): string {
  return `/email/accounts/${id}/edit`;
}
