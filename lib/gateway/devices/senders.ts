import type { FoundDevice } from "@/lib/access/devices/store";
import { emailKey } from "@/lib/kernel/text/normalize";
import { HeaderFrom, HeaderTooLarge } from "./header-from";

/** Keys are compared, the address goes on as it came: of these characters, alone, both are the same. */
const AS_IT_CAME = /^[\x20-\x7e]*$/;

/** Whether an address is on the list of a device; without a list, only the account's own is. */
export function maySendFrom({ senders, emailKey: own }: FoundDevice, address: string): boolean {
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
