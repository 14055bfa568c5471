import { startBareMail } from "@/e2e/servers/bare-mail-server";

// A process of its own: what the mail server costs is not the gateway's. Writes where it listens.

const { BENCH_CERTIFICATE: cert = "", BENCH_KEY: key = "" } = process.env;
const { imap, smtp } = await startBareMail({ cert, key });
process.stdout.write(`${JSON.stringify({ imap, smtp })}\n`);
process.stdin.resume().once("end", () => process.exit(0));
