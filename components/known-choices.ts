import type { Choice } from "@/lib/kernel/choices/schema";

/** Forms hold ids; drafts find the names here. */
const known = new Map<string, Choice>();

export function rememberChoice(choice: Choice | null): void {
  if (choice && choice.id !== "") known.set(choice.id, choice);
}

export function knownChoice(id: string | null | undefined): Choice | null {
  return (id && known.get(id)) || null;
}

export const knownChoices = (): Choice[] => [...known.values()];

export function forgetChoices(): void {
  known.clear();
}
