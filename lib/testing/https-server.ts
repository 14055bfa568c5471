import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { loadCertificates } from "@/e2e/sandbox/certificates";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { env } from "@/lib/kernel/env";

export type TestServer = {
  origin: string;
  /** Method and path of every request that arrived. */
  seen: string[];
  close(): Promise<void>;
};

/**
 * An https server with the sandbox's certificate, for answers that no platform would give. No preset names its
 * port: it is asked because its host is allowed, as an operator would.
 */
export async function startHttpsServer(
  stateDir: string,
  answer: RequestListener,
  certificate: "server" | "wrongName" = "server",
): Promise<TestServer> {
  env().privateHosts = new Set([...env().privateHosts, "localhost"]);
  const { certificatePem: cert, privateKeyPem: key } = loadCertificates(stateDir)[certificate];
  const seen: string[] = [];
  const { port, close } = await listenOnLoopback(() =>
    createServer({ cert, key }, (request, reply) => {
      seen.push(`${request.method} ${request.url}`);
      return answer(request, reply);
    }),
  );
  return { origin: `https://localhost:${port}`, seen, close };
}
