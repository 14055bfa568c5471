import { dayText } from "@/components/day";
import { lastDayOf, wallTime } from "@/lib/kernel/clock";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { EnteredCredential } from "@/lib/registrations/credentials/schema";
import type { ServiceId } from "@/lib/registrations/schema";

type Entered = {
  entered: EnteredCredential;
  service: ServiceId;
  noun: "secret" | "credential";
  replaced: string;
};

export function enteredWords({ entered, service, noun, replaced }: Entered): string {
  if (entered.isReplaced) return replaced;
  return `This ${noun} is already in use, and it works. Nothing was replaced${endWords(entered.expiresAt, service)}`;
}

export function savedWords(entered: EnteredCredential | null, service: ServiceId): string {
  if (!entered || entered.isReplaced) return "Saved.";
  return `Saved. This credential was already in use${endWords(entered.expiresAt, service)}`;
}

function endWords(expiresAt: Date | null, service: ServiceId): string {
  if (!expiresAt) return ".";
  const day = dayText(lastDayOf(expiresAt));
  if (PLATFORMS[service].endlessSecrets) return `; the day to replace it by is still ${day}.`;
  if (expiresAt > wallTime()) return `; it still expires on ${day}.`;
  return `. The stored day of its expiry, ${day}, has passed: correct it with Change expiry.`;
}
