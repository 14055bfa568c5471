import { contentLines, escapeText } from "@/lib/kernel/text/content-lines";

export type VcardContact = {
  id: string;
  name: string;
  email: string;
  listName: string;
};

/** A contact as vCard 4.0 (RFC 6350). FN has to be there: who has no name is called by the address. */
export function vcard({ id, name, email, listName }: VcardContact): string {
  return contentLines([
    "BEGIN:VCARD",
    "VERSION:4.0",
    `UID:urn:uuid:${id}`,
    `FN:${escapeText(name || email)}`,
    `EMAIL:${escapeText(email)}`,
    `CATEGORIES:${escapeText(listName)}`,
    "END:VCARD",
  ]);
}
