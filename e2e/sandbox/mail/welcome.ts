import type { MailboxEntry } from "../directory";
import { composeMessage } from "./compose";

export interface NewMessage {
  raw: Buffer;
  flags?: Iterable<string>;
  receivedAt?: Date;
}

const HOUR_MS = 3_600_000;

/** What a mailbox starts with. */
export function welcomeMessages(entry: MailboxEntry): NewMessage[] {
  const to = entry.address;
  const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);
  const drafts = [
    {
      from: "postmaster@contoso.test",
      fromName: "Sandbox Postmaster",
      subject: "Welcome to the sandbox",
      text: `Hello ${entry.name},\r\n\r\nthis mailbox lives in the memory of the sandbox. What you send between its addresses arrives; nothing leaves this machine.\r\n`,
      date: ago(72),
    },
    {
      from: "kim.larsen@customer.test",
      fromName: "Kim Lærsen",
      subject: "Où est ma commande ? Order 4711 · 注文",
      text: "Hello,\r\n\r\nmy order 4711 has not arrived. Can you look into it?\r\n\r\nKim\r\n",
      date: ago(26),
    },
    {
      from: "billing@supplier.test",
      fromName: "Supplier, Billing",
      subject: "Invoice 2026-118",
      text: "The total is 118.00.\r\n",
      date: ago(3),
    },
  ];
  return drafts.map((draft) => ({ raw: composeMessage({ to, ...draft }), receivedAt: draft.date }));
}
