import type { FoundDevice } from "@/lib/devices/store";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Client } from "./client";
import { HeaderFrom, HeaderTooLarge } from "./header-from";
import { recordRefusedSender } from "./message-refusals";
import type { Session } from "./sessions";
import { readMail, refusalOfParameters } from "./smtp-words";

/** For these alone, the compared key equals the address as it came. */
const AS_IT_CAME = /^[\x20-\x7e]*$/;

/** Without a list, only the account's own. */
function maySendFrom({ senders, emailKey: own }: FoundDevice, address: string): boolean {
  return (
    AS_IT_CAME.test(address) && (senders.length > 0 ? senders : [own]).includes(emailKey(address))
  );
}

/** Null: the header is too large. */
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

/** @returns a reply if refused */
export function readSender(text: string, client: Client, session: Session): MailFrom | string {
  const mail = readMail(text);
  if (!mail) return "501 5.5.4 MAIL takes FROM:<address>.";
  const unknown = refusalOfParameters(mail.parameters);
  if (unknown !== null) return unknown;
  const { device } = session;
  if (maySendFrom(device, mail.address)) return mail;
  // Also for the empty sender, so the account hears of failures.
  if (device.rewriteFrom) return { ...mail, address: device.emailAddress };
  recordRefusedSender(client, session, mail.address);
  return "550 5.7.1 This device may not send from this address.";
}
