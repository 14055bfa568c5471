const MAX_OCTETS = 75;

export type VcardContact = {
  id: string;
  name: string;
  email: string;
  listName: string;
};

/** A contact as vCard 4.0 (RFC 6350). FN has to be there: who has no name is called by the address. */
export function vcard({ id, name, email, listName }: VcardContact): string {
  return [
    "BEGIN:VCARD",
    "VERSION:4.0",
    `UID:urn:uuid:${id}`,
    `FN:${escapeText(name || email)}`,
    `EMAIL:${escapeText(email)}`,
    `CATEGORIES:${escapeText(listName)}`,
    "END:VCARD",
  ]
    .map((line) => `${fold(line)}\r\n`)
    .join("");
}

/** RFC 6350 §3.4. */
function escapeText(text: string): string {
  return text.replace(/[\\,;]/g, "\\$&").replace(/\r\n?|\n/g, "\\n");
}

/** RFC 6350 §3.2: lines of 75 octets at the most, broken between characters, never within one. */
function fold(line: string): string {
  const lines: string[] = [];
  let current = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > MAX_OCTETS) {
      lines.push(current);
      current = " ";
      octets = 1;
    }
    current += character;
    octets += size;
  }
  return [...lines, current].join("\r\n");
}
