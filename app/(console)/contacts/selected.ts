import type { ContactRow, SeenContact } from "@/lib/contacts/schema";

export const SELECTED = "contactId";

export function versionsOf(contacts: ContactRow[]): SeenContact[] {
  return contacts.map(({ id, version }) => ({ id, version }));
}

export function inWords(contacts: ContactRow[]): string {
  const [first] = contacts;
  return contacts.length === 1 && first ? first.email : `${contacts.length} contacts`;
}
