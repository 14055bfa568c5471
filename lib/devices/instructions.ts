import "server-only";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Protocol } from "@/lib/egress/protocols/schema";
import { type DeviceRow, type GatewayDescription, listenersFor } from "./schema";

/** What to enter in one program, filled in but for its password, and what its administrator has to know. */
export type Instruction = { label: string; text: string; notes: string[] };

type Mode = "tls" | "starttls" | "plain";
type Block = { protocols: Protocol[]; mode: Mode; text: string };

/** Beside what is started, as in the release. Each page is run by a test with the program that it is about. */
const FOLDER = "docs/software";
/** Where the pages expect the certificate of the local authority. */
export const AUTHORITY = "/etc/ssl/postkey-authority.pem";
const PORTS: Record<Mode, Record<Protocol, string>> = {
  tls: { imap: "993", pop3: "995", smtp: "465" },
  starttls: { imap: "143", pop3: "110", smtp: "587" },
  plain: { imap: "143", pop3: "110", smtp: "25" },
};

/** Of docs/software, the pages of programs that this device may be. */
export function instructionsFor(device: DeviceRow, gateway: GatewayDescription): Instruction[] {
  return pages().flatMap(({ label, notes, blocks }) => {
    const usable = blocks.filter((block) => canUse(block, device, gateway));
    const hasTls = ({ protocols }: Block) =>
      usable.some((other) => other.mode === "tls" && `${other.protocols}` === `${protocols}`);
    const shown = usable.filter((block) => block.mode !== "starttls" || !hasTls(block));
    const text = shown.map((block) => filledIn(block, device, gateway)).join("\n\n");
    return text ? [{ label, notes, text }] : [];
  });
}

function pages() {
  const names = readdirSync(join(process.cwd(), FOLDER)).filter((name) => name !== "README.md");
  return names.sort().map((name) => {
    const page = readFileSync(join(process.cwd(), FOLDER, name), "utf8");
    const found = page.matchAll(
      /^```\w+ ((?:imap |pop3 |smtp )+)(tls|starttls|plain)\n([\s\S]*?)\n```$/gm,
    );
    const blocks = [...found].map(([, protocols = "", mode, text = ""]) => ({
      // Those of the expression above.
      protocols: protocols.trim().split(" ") as Protocol[],
      mode: mode as Mode,
      text,
    }));
    const notes = [...page.matchAll(/^- (.+(?:\n {2}.+)*)$/gm)].map(([, note = ""]) => plain(note));
    return { label: /^# (.+)$/m.exec(page)?.[1] ?? name, blocks, notes };
  });
}

const plain = (markdown: string) =>
  markdown.replaceAll(/\n {2}/g, " ").replaceAll(/`|\*\*|\[([^\]]+)\]\([^)]+\)/g, "$1");

function canUse({ protocols, mode }: Block, device: DeviceRow, gateway: GatewayDescription) {
  return protocols.every(
    (protocol) => device.protocols.includes(protocol) && listenerOf(mode, protocol, gateway),
  );
}

function filledIn(block: Block, device: DeviceRow, gateway: GatewayDescription): string {
  const { mode, protocols } = block;
  const isShown = (line: string) => gateway.hasOwnAuthority || !line.includes(AUTHORITY);
  let text = block.text.split("\n").filter(isShown).join("\n");
  for (const protocol of protocols) {
    const listener = listenerOf(mode, protocol, gateway);
    text = text
      .replaceAll(/\b\d+\b/g, (number) =>
        number === PORTS[mode][protocol] ? `${listener?.port}` : number,
      )
      .replaceAll("10.1.9.0/24", `${listener?.plaintext?.join(", ")}`);
  }
  const [sender = device.emailAddress] = device.senders;
  return text
    .replaceAll("postkey.example.com", gateway.host)
    .replaceAll("support@example.com", () => device.emailAddress)
    .replaceAll("sender@example.com", () => sender);
}

function listenerOf(mode: Mode, protocol: Protocol, gateway: GatewayDescription) {
  const wanted = mode === "tls" ? "implicit" : "starttls";
  return listenersFor(gateway, protocol).find(
    ({ tls, plaintext }) => tls === wanted && (mode !== "plain" || plaintext),
  );
}
