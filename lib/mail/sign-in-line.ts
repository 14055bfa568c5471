import type { Protocol } from "@/lib/egress/schema";
import type { MailCredential } from "./credential";
import { safeServerText } from "./text";

export function signInLine(
  line: string,
  protocol: Protocol,
  credential: MailCredential | undefined,
): string {
  const known = COMMANDS[protocol].find(({ begins }) => begins.test(line));
  if (!known) return secretName(credential);
  if (known.isAll.test(line)) return known.name;
  return `${known.name} ${known.name === "USER" ? "‹user name›" : secretName(credential)}`;
}

type Command = { name: string; begins: RegExp; isAll: RegExp };

const command =
  (tag: string) =>
  (name: string): Command => ({
    name,
    begins: new RegExp(`^${tag}${name}\\b`, "i"),
    isAll: new RegExp(`^${tag}${name}$`, "i"),
  });

const MECHANISMS = ["XOAUTH2", "OAUTHBEARER", "PLAIN", "LOGIN"];
const AUTH = MECHANISMS.map((mechanism) => `AUTH ${mechanism}`);
const AUTHENTICATE = MECHANISMS.map((mechanism) => `AUTHENTICATE ${mechanism}`);

/** The only words of a signing-in client that are shown. */
const COMMANDS: Readonly<Record<Protocol, readonly Command[]>> = {
  imap: [...AUTHENTICATE, "LOGIN", "LOGOUT"].map(command("\\w{1,12} ")),
  smtp: [...AUTH, "QUIT"].map(command("")),
  pop3: [...AUTH, "USER", "PASS", "QUIT"].map(command("")),
};

function secretName(credential: MailCredential | undefined): string {
  if (!credential) return "‹credential›";
  const user = safeServerText(credential.user).slice(0, 100);
  if (credential.kind === "password") return `‹password for ${user}›`;
  const length = credential.accessToken.length.toLocaleString("en");
  return `‹token of ${length} characters for ${user}›`;
}
