import { isOwnMailbox, mailboxesText } from "@/lib/sign-ins/links/mailbox-names";

type OpenedForProps = { username: string; mailboxes: readonly string[] };

export function OpenedFor({ username, mailboxes }: OpenedForProps) {
  if (isOwnMailbox(username, mailboxes)) return null;
  return (
    <>
      {" for "}
      <b style={{ overflowWrap: "anywhere" }}>{mailboxesText(mailboxes)}</b>
    </>
  );
}
