import { once } from "node:events";
import { z } from "zod";
import { resolveMailHost } from "@/lib/egress/mail-socket";
import { SECOND_MS } from "@/lib/kernel/clock";
import { LineReader } from "./line-reader";
import { remedyOfCode } from "./mail-errors";
import { type ProbeFailure, probeFailure } from "./probe-failure";
import type { ChannelRun } from "./probe-run";
import { safeServerText } from "./text";

/** OpenSSL cannot tell what answered; a second connection in clear can. @throws always */
export async function explainPlain(run: ChannelRun, error: unknown): Promise<never> {
  const { code } = z.object({ code: z.string() }).safeParse(error).data ?? {};
  if (code === undefined || remedyOfCode(code) !== "tls.not_spoken") throw error;
  const heard = await hearPlain(run).catch(() => "");
  if (heard === "" || MAIL_GREETING.test(heard)) throw error;
  run.transcript.receivedLine(heard);
  throw notThisProtocol(heard);
}

const MAIL_GREETING = /^(?:\* |\+OK|-ERR|[245]\d\d[ -])/;
const HEAR_MS = 2 * SECOND_MS;

/** Without TLS; sends nothing secret. */
async function hearPlain(run: ChannelRun): Promise<string> {
  const { endpoint, egress } = run.input;
  const host = await resolveMailHost(endpoint, egress);
  const socket = run.adopt(host.dial());
  socket.setTimeout(HEAR_MS, () => socket.destroy());
  try {
    await once(socket, "connect");
    socket.write("QUIT\r\n\r\n");
    return await new LineReader(socket, { maxLineBytes: 2_048 }).line();
  } finally {
    socket.destroy();
  }
}

export function notThisProtocol(reply: string): ProbeFailure {
  return probeFailure("mail.wrong_service", { serverText: safeServerText(reply) });
}
