import "server-only";
import { AppError } from "@/lib/errors";

/** The body of a request, which is let go of as soon as it is too long. @throws AppError payload_too_large */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new AppError("payload_too_large", `At most ${maxBytes / 1024 ** 2} MB can be sent.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
