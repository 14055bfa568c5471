import "server-only";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Protocol } from "@/lib/egress/protocols/schema";
import { type DeviceRow, type GatewayDescription, listenersFor } from "./schema";

/** What to enter in one program, filled in but for its password, and what its administrator has to know. */
export type Instruction = { label: string; parts: Part[]; notes: string[] };
type Part = { lead: string; text: string };

type Mode = "tls" | "starttls" | "plain";
type Block = Part & { protocols: Protocol[]; mode: Mode };

/** Beside what is started, as in the release. Each page is run by a test with the program that it is about. */
const FOLDER = "docs/software";
/** Where the pages expect the certificate of the local authority. */
export const AUTHORITY = "/etc/ssl/postkey-authority.pem";
const PORTS: Record<Mode, Record<Protocol, string>> = {
  tls: { imap: "993", pop3: "995", smtp: "465" },
  starttls: { imap: "143", pop3: "110", smtp: "587" },
  plain: { imap: "143", pop3: "110", smtp: "25" },
};
const [USER, SENDER, HOST] = ["support@example.com", "sender@example.com", "postkey.example.com"];
const EXAMPLES =
  /\b(?:support@example\.com|sender@example\.com|postkey\.example\.com|10\.1\.9\.0\/24|\d+)(?!\w)/g;
/** Means itself in every language of the pages; an apostrophe would end a text, and a backtick run it. */
const PLAIN = /^[\w.+=@-]+$/;
const NOT_FILLED_IN =
  "Enter the addresses yourself: they have characters that mean something else in such a file.";

/** Of docs/software, the pages of programs that this device may be. */
export function instructionsFor(device: DeviceRow, gateway: GatewayDescription): Instruction[] {
  const [sender = device.emailAddress] = device.senders;
  const isPlain = PLAIN.test(device.emailAddress) && PLAIN.test(sender);
  const addresses = isPlain ? { [USER]: device.emailAddress, [SENDER]: sender } : {};
  const values = { ...addresses, [HOST]: gateway.host };
  return pages().flatMap(({ label, notes, blocks }) => {
    const usable = blocks.filter((block) => canUse(block, device, gateway));
    const shown = usable.filter((block) => isBest(block, usable));
    if (shown.length === 0) return [];
    const parts = shown.map((block) => filledIn(block, values, gateway));
    const told = notes.map((note) => fill(note, values));
    return [{ label, parts, notes: isPlain ? told : [NOT_FILLED_IN, ...told] }];
  });
}

function pages() {
  const names = readdirSync(join(process.cwd(), FOLDER)).filter((name) => name !== "README.md");
  return names.sort().map((name) => {
    const page = readFileSync(join(process.cwd(), FOLDER, name), "utf8");
    const [title = "", ...lines] = page.split("\n");
    // Text and blocks by turns: “sh smtp tls” begins one.
    const fenced = lines.join("\n").split(/^```/m);
    const blocks = fenced.flatMap((block, at): Block[] => {
      if (at % 2 === 0) return [];
      const [kind = "", ...text] = block.trimEnd().split("\n");
      const [, ...words] = kind.split(" ");
      const lead = plain((fenced[at - 1] ?? "").trim());
      // As the pages have them.
      const [protocols, mode] = [words.slice(0, -1) as Protocol[], words.at(-1) as Mode];
      return [{ lead, protocols, mode, text: text.join("\n") }];
    });
    const notes = [...page.matchAll(/^- (.+(?:\n {2}.+)*)$/gm)].map(([, note = ""]) => plain(note));
    return { label: title.slice("# ".length), blocks, notes };
  });
}

const plain = (markdown: string) =>
  markdown
    .replaceAll(/(?<!\n)\n *(?!\n|\d\.)/g, " ")
    .replaceAll(/`|\*\*|\[([^\][]+)\]\([^()]+\)/g, "$1");

function canUse({ protocols, mode }: Block, device: DeviceRow, gateway: GatewayDescription) {
  return protocols.every(
    (protocol) => device.protocols.includes(protocol) && listenerOf(mode, protocol, gateway),
  );
}

/** TLS from the first byte rather than STARTTLS, and IMAP rather than POP3. */
function isBest({ protocols, mode }: Block, usable: readonly Block[]): boolean {
  const isOf = (other: Block) => `${other.protocols}` === `${protocols}`;
  if (mode === "starttls" && usable.some((other) => other.mode === "tls" && isOf(other)))
    return false;
  return !(protocols.includes("pop3") && usable.some((other) => other.protocols.includes("imap")));
}

function filledIn(
  { lead, text, mode, protocols }: Block,
  values: Readonly<Record<string, string>>,
  gateway: GatewayDescription,
): Part {
  const listeners = protocols.map((protocol) => listenerOf(mode, protocol, gateway));
  const ports = protocols.map((protocol, at) => [PORTS[mode][protocol], `${listeners[at]?.port}`]);
  const all = { ...values, ...Object.fromEntries(ports) };
  const networks = listeners.flatMap((listener) => listener?.plaintext ?? []).join(", ");
  const isShown = (line: string) => gateway.hasOwnAuthority || !line.includes(AUTHORITY);
  const lines = text.split("\n").filter(isShown).join("\n");
  return { lead, text: fill(lines, { ...all, ...(networks && { "10.1.9.0/24": networks }) }) };
}

/** In one pass: a value is never taken for an example. */
const fill = (text: string, values: Readonly<Record<string, string>>) =>
  text.replaceAll(EXAMPLES, (example) => values[example] ?? example);

function listenerOf(mode: Mode, protocol: Protocol, gateway: GatewayDescription) {
  const wanted = mode === "tls" ? "implicit" : "starttls";
  return listenersFor(gateway, protocol).find(
    ({ tls, plaintext }) => tls === wanted && (mode !== "plain" || plaintext),
  );
}
