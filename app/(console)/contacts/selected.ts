import type { ContactRow, SeenContact } from "@/lib/contacts/schema";

/** The name of the boxes with which rows are ticked; their value is the id of the contact. */
export const SELECTED = "contactId";

/** What an edit of them says that it has seen. */
export function versionsOf(contacts: ContactRow[]): SeenContact[] {
  return contacts.map(({ id, version }) => ({ id, version }));
}

/** The one by its address, several by their number. */
export function inWords(contacts: ContactRow[]): string {
  const [first] = contacts;
  return contacts.length === 1 && first ? first.email : `${contacts.length} contacts`;
}
