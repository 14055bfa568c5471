import "server-only";
import { limitText } from "@/lib/http/web/request-limits";
import { AppError } from "@/lib/kernel/errors";

/** Counts bytes; Content-Length may lie. @throws AppError payload_too_large */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Cancelling ends the socket under some servers, and the reply with it.
  for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new AppError("payload_too_large", `A body has at most ${limitText(maxBytes)}.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
