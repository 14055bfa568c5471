import { createTransport } from "nodemailer";

export interface Scan {
  port: number;
  encryption: "tls" | "starttls" | "none";
  user: string;
  password: string;
  from: string;
  to: string;
}

/** What both sides said, the password left out. */
export interface Dialogue {
  lines: string[];
  isSent: boolean;
}

const WITHIN_MS = 20_000;

/** Sends a page as a printer does: over one connection to this machine, and it trusts any certificate. */
export async function submitScan({ port, encryption, ...scan }: Scan): Promise<Dialogue> {
  const lines: string[] = [];
  const { user, password: pass, from, to } = scan;
  const ignore = () => {};
  const debug = ({ tnx }: { tnx?: string }, text: string) => {
    if (tnx === "client" || tnx === "server") lines.push(`${tnx === "client" ? ">" : "<"} ${text}`);
  };
  const transport = createTransport({
    host: "127.0.0.1",
    port,
    secure: encryption === "tls",
    requireTLS: encryption === "starttls",
    ignoreTLS: encryption === "none",
    tls: { servername: "localhost", rejectUnauthorized: false },
    auth: { user, pass },
    authMethod: "PLAIN",
    socketTimeout: WITHIN_MS,
    debug: true,
    logger: { trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore },
  });
  try {
    const sender = { name: "Sandbox scanner", address: from };
    await transport.sendMail({ from: sender, to, subject: "Scanned page", text: "Page 1 of 1." });
    return { lines, isSent: true };
  } catch (error) {
    lines.push(`! ${error instanceof Error ? error.message : String(error)}`);
    return { lines, isSent: false };
  }
}
