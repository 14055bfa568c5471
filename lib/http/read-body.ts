import "server-only";
import { limitText } from "@/lib/http/web/request-limits";
import { AppError } from "@/lib/kernel/errors";

/**
 * The body of a request. What it says about its length may be wrong or missing: the bytes that come are
 * counted.
 *
 * @throws AppError payload_too_large
 */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not cancelled with the loop: that ends the request's socket under some servers, and with it the reply.
  for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new AppError("payload_too_large", `A body has at most ${limitText(maxBytes)}.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
