import { mintActor } from "@/lib/kernel/mint-actor";
import { sendDueLetter } from "@/lib/watch/letters/send";

const actor = mintActor({
  kind: "job",
  id: "letters",
  name: "Postkey",
  permissions: new Set(["mail:send"]),
});

export function sendNextLetter(options?: { deadlineMs: number }): Promise<void> {
  return sendDueLetter(actor, options);
}
