import type { FoundDevice } from "@/lib/access/devices/store";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Client } from "./client";
import { HeaderFrom, HeaderTooLarge } from "./header-from";
import { recordRefusedSender } from "./message-refusals";
import type { Session } from "./sessions";
import { readMail, refusalOfParameters } from "./smtp-words";

/** Keys are compared, the address goes on as it came: of these characters, alone, both are the same. */
const AS_IT_CAME = /^[\x20-\x7e]*$/;

/** Whether an address is on the list of a device; without a list, only the account's own is. */
function maySendFrom({ senders, emailKey: own }: FoundDevice, address: string): boolean {
  return (
    AS_IT_CAME.test(address) && (senders.length > 0 ? senders : [own]).includes(emailKey(address))
  );
}

/** What goes on of each piece of a message; null for a header that is too large to be rewritten. */
export function rewriterFor(
  device: FoundDevice,
): (bytes: Buffer, isLast: boolean) => Buffer | null {
  if (!device.rewriteFrom) return (bytes) => bytes;
  const mayStay = (address: string) => maySendFrom(device, address);
  const header = new HeaderFrom({ address: device.emailAddress, mayStay });
  return (bytes, isLast) => {
    try {
      return header.next(bytes, { isLast });
    } catch (error) {
      if (error instanceof HeaderTooLarge) return null;
      throw error;
    }
  };
}

type MailFrom = { address: string; parameters: string[] };

/** What MAIL names as the sender, or the address of the account in its place. @returns words where it is refused */
export function readSender(text: string, client: Client, session: Session): MailFrom | string {
  const mail = readMail(text);
  if (!mail) return "501 5.5.4 MAIL takes FROM:<address>.";
  const unknown = refusalOfParameters(mail.parameters);
  if (unknown !== null) return unknown;
  const { device } = session;
  if (maySendFrom(device, mail.address)) return mail;
  // Also in place of none, of a failure notice: the account is told where that one fails.
  if (device.rewriteFrom) return { ...mail, address: device.emailAddress };
  recordRefusedSender(client, session, mail.address);
  return "550 5.7.1 This device may not send from this address.";
}
