import type { Outcome } from "@/lib/access/devices/attempts/schema";
import type { Client } from "./client";

/** RFC 8446 §5.1: the record of a handshake. */
const TLS_BEGINS = Buffer.from([0x16, 0x03]);

/** No command begins so, and a client that does waits for an answer that it would understand. */
export function whenTls(client: Client, tell: () => void): void {
  client.socket.once("data", (chunk: Buffer) => {
    if (!chunk.subarray(0, TLS_BEGINS.length).equals(TLS_BEGINS)) return;
    tell();
    client.close();
  });
}

/** What OpenSSL's code tells about the device. */
const BY_CODE: readonly [RegExp, Outcome][] = [
  [/ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(?:UNKNOWN|EXPIRED))/, "tls_untrusted"],
  [/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|PROTOCOL_VERSION/, "tls_too_old"],
  [/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH/, "tls_not_spoken"],
];

/** What a handshake that failed says about the device. */
export function tlsOutcome(error: unknown): Outcome {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? "tls_failed";
}
