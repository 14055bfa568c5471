import type { Choice } from "@/lib/kernel/choices/schema";

/**
 * What was picked by name on this page. A form holds its id alone; where the form is filled in again from a
 * draft, the name is found here.
 */
const known = new Map<string, Choice>();

export function rememberChoice(choice: Choice | null): void {
  if (choice && choice.id !== "") known.set(choice.id, choice);
}

export function knownChoice(id: string | null | undefined): Choice | null {
  return (id && known.get(id)) || null;
}

/** Another person signs in here. */
export function forgetChoices(): void {
  known.clear();
}
