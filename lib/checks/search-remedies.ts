import type { Protocol } from "@/lib/egress/protocols/schema";
import { words } from "@/lib/kernel/words";
import { GRAPH_CODES } from "@/lib/mail/graph/request";
import { remedyOfCode } from "@/lib/mail/mail-errors";
import { refusalRemedy } from "@/lib/mail/refusals";
import type { MailStage } from "@/lib/mail/schema";
import { SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { findRemedy, isKnown, listRemedies, templateOf } from "@/lib/remedies/catalogue";
import type { Entry } from "@/lib/remedies/remedy";

/** What a person may paste: a server's answer with everything around it. */
export const MAX_SEARCH = 1_000;

/** First as the product itself reads a pasted message, then by every word. */
export function searchRemedies(search: string): Entry[] {
  const text = search.slice(0, MAX_SEARCH);
  const meant = idsIn(text).map(findRemedy);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = listRemedies().filter((remedy) => {
    const content = contentOf(remedy);
    return words.every((word) => content.includes(word));
  });
  return [...new Map([...meant, ...found].map((remedy) => [remedy.id, remedy])).values()];
}

function contentOf(entry: Entry): string {
  const { id, title, cause, steps, says = [], command } = templateOf(entry);
  return [id, title, cause, ...steps, ...says, command?.text].join(" ").toLowerCase();
}

function idsIn(text: string): string[] {
  const platform = [...text.matchAll(/\bAADSTS(\d{4,8})\b/gi)].map(([, code]) => `AADSTS${code}`);
  const bare = /^\s*(\d{5,8})\s*$/.exec(text)?.[1];
  const codes = [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b/g)].map(([code]) => code);
  const names = [...text.matchAll(/\b[A-Z][A-Za-z]{9,}\b/g)];
  const graph = names.flatMap(([name]) => GRAPH_CODES.get(name) ?? []);
  return [
    ...platform,
    ...(bare !== undefined ? [`AADSTS${bare}`].filter(isKnown) : []),
    ...graph,
    ...codes.flatMap((code) => remedyOfCode(code) ?? []),
    ...text.split(/\r?\n/).flatMap(idsOfReply),
  ];
}

/** What a line looks like that a mail server refuses something with. */
const REPLIES: readonly { protocol: Protocol; pattern: RegExp }[] = [
  { protocol: "pop3", pattern: /-ERR\b.*/ },
  { protocol: "imap", pattern: /(?:\* (?:BYE|PREAUTH)|\b(?:NO|BAD) (?:\[?[A-Z]))\S?.*/ },
  { protocol: "smtp", pattern: /(?<![\d.])[45]\d\d[ -].*/ },
];

/** A refused token, described in JSON by a challenge (RFC 7628 §3.2.2). */
const CHALLENGE = /eyJzdGF0dXMi/;

function idsOfReply(line: string): string[] {
  if (CHALLENGE.test(line))
    return ["imap.authenticate_failed", "smtp.auth_unsuccessful", "pop3.authentication_failure"];
  for (const { protocol, pattern } of REPLIES) {
    const reply = pattern.exec(line)?.[0];
    if (reply !== undefined) return meaningsOf(reply, protocol);
  }
  return [];
}

const GENERAL: readonly string[] = words(
  "mail.protocol_error imap.bad_command smtp.refused pop3.refused",
);

/** Stage and service are unknown: entries that quote the reply come first. */
function meaningsOf(reply: string, protocol: Protocol): string[] {
  if (reply.startsWith("* PREAUTH")) return ["imap.preauthenticated"];
  const isOfSignIn = /auth|log[io]n|credential|password|too long/i.test(reply);
  const last: MailStage = protocol === "smtp" ? "sender" : "mailbox";
  const stages: MailStage[] = ["resolve", isOfSignIn ? "authenticate" : last];
  const found = [...SERVICE_IDS, null].flatMap((service) =>
    (["xoauth2", "password"] as const).flatMap((credential) =>
      stages.map((stage) => refusalRemedy(reply, { protocol, stage, service, credential })),
    ),
  );
  const ranked = found.map(({ remedyId, isSaid }) => {
    const { says = [], service } = findRemedy(remedyId);
    const isQuoted = says.some((line) => reply.includes(line));
    const general = GENERAL.includes(remedyId) ? 8 : 0;
    return { remedyId, rank: general + (isQuoted ? 0 : 4) + (isSaid ? 0 : 2) + (service ? 0 : 1) };
  });
  const best = Math.min(...ranked.map(({ rank }) => rank));
  return ranked.filter(({ rank }) => rank === best).map(({ remedyId }) => remedyId);
}
