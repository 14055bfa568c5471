import { randomUUID } from "node:crypto";

export interface Draft {
  from: string;
  fromName: string;
  to: string;
  subject: string;
  text: string;
  date: Date;
  html?: string;
  attachment?: { name: string; type: string; content: Buffer };
}

interface Part {
  headers: string[];
  body: string;
}

/** Writes a message as RFC 5322 and MIME want it. */
export function composeMessage(draft: Draft): Buffer {
  const text = textPart("plain", draft.text);
  const readable = draft.html
    ? multipart("alternative", [text, textPart("html", draft.html)])
    : text;
  const content = draft.attachment
    ? multipart("mixed", [readable, attachmentPart(draft.attachment)])
    : readable;
  const domain = draft.from.slice(draft.from.indexOf("@") + 1);
  const lines = [
    `From: ${draft.fromName ? `${displayName(draft.fromName)} ` : ""}<${draft.from}>`,
    `To: <${draft.to}>`,
    `Subject: ${encodeWords(draft.subject)}`,
    `Date: ${draft.date.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${randomUUID()}@${domain}>`,
    "MIME-Version: 1.0",
    ...content.headers,
    "",
    content.body,
  ];
  return Buffer.from(lines.join("\r\n"), "utf8");
}

function textPart(subtype: string, text: string): Part {
  return {
    headers: [`Content-Type: text/${subtype}; charset=utf-8`, "Content-Transfer-Encoding: base64"],
    body: wrapBase64(Buffer.from(text, "utf8")),
  };
}

function attachmentPart(attachment: { name: string; type: string; content: Buffer }): Part {
  return {
    headers: [
      `Content-Type: ${attachment.type}; name="${attachment.name}"`,
      `Content-Disposition: attachment; filename="${attachment.name}"`,
      "Content-Transfer-Encoding: base64",
    ],
    body: wrapBase64(attachment.content),
  };
}

function multipart(subtype: string, parts: Part[]): Part {
  const boundary = `=_${randomUUID()}`;
  const pieces = parts.map(
    (part) => `--${boundary}\r\n${part.headers.join("\r\n")}\r\n\r\n${part.body}`,
  );
  return {
    headers: [`Content-Type: multipart/${subtype}; boundary="${boundary}"`],
    body: `${pieces.join("\r\n")}\r\n--${boundary}--\r\n`,
  };
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

function wrapBase64(bytes: Buffer): string {
  return (bytes.toString("base64").match(/.{1,76}/g) ?? []).join("\r\n");
}
