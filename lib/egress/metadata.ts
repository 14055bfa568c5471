import { request } from "node:http";
import { SECOND_MS } from "@/lib/kernel/clock";

const DEADLINE_MS = 10 * SECOND_MS;
const MAX_BYTES = 64 * 1024;

export type MetadataReply = { status: number; body: string };

/**
 * One request in clear to the endpoint that tells a machine who it is, which stands on the machine itself
 * or on a link of its own, and has no certificate. Redirects are not followed, and no connection is kept.
 *
 * @throws Node's errors
 */
export function requestMetadata(url: URL, headers: Record<string, string>): Promise<MetadataReply> {
  return new Promise((done, fail) => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const outgoing = request(url, { headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BYTES) response.destroy(new Error("The answer is too long."));
        else chunks.push(chunk);
      });
      response.on("error", fail);
      response.on("end", () =>
        done({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.on("error", fail);
    outgoing.end();
  });
}
