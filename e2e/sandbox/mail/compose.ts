import { randomUUID } from "node:crypto";

export interface Draft {
  from: string;
  fromName: string;
  to: string;
  subject: string;
  text: string;
  date: Date;
}

/** Writes a message as RFC 5322 and MIME want it. */
export function composeMessage(draft: Draft): Buffer {
  const lines = [
    `From: ${draft.fromName ? `${displayName(draft.fromName)} ` : ""}<${draft.from}>`,
    `To: <${draft.to}>`,
    `Subject: ${encodeWords(draft.subject)}`,
    `Date: ${draft.date.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${randomUUID()}@${draft.from.slice(draft.from.indexOf("@") + 1)}>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    ...(Buffer.from(draft.text)
      .toString("base64")
      .match(/.{1,76}/g) ?? []),
  ];
  return Buffer.from(lines.join("\r\n"), "utf8");
}

/** A name with a comma or another special character must be quoted (RFC 5322, 3.2.3). */
function displayName(name: string): string {
  const encoded = encodeWords(name.replace(/["\\]/g, ""));
  return /^[\w =?+/-]*$/.test(encoded) ? encoded : `"${encoded}"`;
}

/** RFC 2047, and no line break survives: a subject must not become a header. */
function encodeWords(text: string): string {
  const oneLine = text.replace(/[\r\n\0]+/g, " ");
  if (/^[\x20-\x7e]*$/.test(oneLine)) return oneLine;
  const words = oneLine.match(/.{1,30}/gu) ?? [];
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString("base64")}?=`).join(" ");
}
