import { firstPerson, readFields, visibleWords } from "./header-fields";

export type Envelope = {
  from: string;
  to: string;
  subject: string;
  /** Null if invalid (RFC 5322 §3.6.1). */
  sentAt: Date | null;
  messageId: string;
};

const TEXT_MAX = 200;

/** Never throws. */
export function readEnvelope(header: Buffer): Envelope {
  const fields = readFields(header);
  return {
    from: personText(fields.get("from")),
    to: personText(fields.get("to")),
    subject: shown(fields.get("subject")),
    sentAt: dateOf(fields.get("date")),
    messageId: shown(fields.get("message-id")),
  };
}

function personText(field: string | undefined): string {
  const person = firstPerson(field);
  if (!person) return shown(field);
  const name = shown(person.name);
  const address = shown(person.address);
  return name === "" || name === address ? address : `${name} <${address}>`;
}

function shown(text = ""): string {
  const characters = [...visibleWords(text)];
  if (characters.length <= TEXT_MAX) return characters.join("");
  return `${characters.slice(0, TEXT_MAX - 1).join("")}…`;
}

function dateOf(text = ""): Date | null {
  // Date cannot parse a comment after the zone (RFC 5322 §3.6.1, CFWS).
  const date = new Date(text.replace(/\([^()]*\)/g, "").trim());
  return Number.isNaN(date.getTime()) ? null : date;
}
