import type { MailRemedyId } from "@/lib/mail/mail-failures";
import type { Protocol, ProtocolReport } from "./schema";

type Reading = "imap" | "pop3";

/** The other way to read the same mailbox: it takes the same name, and needs the same right. */
const OTHER = { imap: "pop3", pop3: "imap" } as const satisfies Record<Reading, Reading>;

/** What a server says to a protocol that is off for the mailbox, and the entry that says so. */
const OFF: Readonly<Record<Reading, { remedyId: MailRemedyId; instead: readonly string[] }>> = {
  imap: {
    remedyId: "imap.switched_off",
    instead: ["imap.authenticate_failed", "imap.not_authorised", "imap.not_connected"],
  },
  pop3: {
    remedyId: "pop3.switched_off",
    instead: ["pop3.authentication_failure", "pop3.not_connected"],
  },
};

/** What the failure means where the same login opens the same mailbox over the other protocol. */
export function switchedOff({ protocol, failure }: ProtocolReport): MailRemedyId | undefined {
  if (!isReading(protocol)) return undefined;
  const { remedyId, instead } = OFF[protocol];
  return instead.includes(failure?.remedyId ?? "") ? remedyId : undefined;
}

/** Whether the mailbox was opened in the same test by the other of IMAP and POP3. Waits for it. */
export async function openedElsewhere(
  { protocol }: ProtocolReport,
  reportOf: (protocol: Protocol) => Promise<ProtocolReport>,
): Promise<boolean> {
  return isReading(protocol) && (await reportOf(OTHER[protocol])).verdict === "ok";
}

function isReading(protocol: Protocol): protocol is Reading {
  return protocol === "imap" || protocol === "pop3";
}
