import { isUtf8 } from "node:buffer";
import type { FileEncoding } from "../imports/schema";

type Decoded = { text: string; encoding: FileEncoding };

/**
 * A text file as its bytes say: by its byte order mark (Unicode 16, §23.8), else UTF-8 when it is
 * that, else as the spreadsheets of Windows write “CSV” (WHATWG Encoding, windows-1252).
 */
export function decodeText(bytes: Buffer): Decoded {
  const encoding = encodingOf(bytes);
  // A TextDecoder takes the mark away.
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

function encodingOf(bytes: Buffer): FileEncoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== undefined && second === 0 && first !== 0) return "utf-16le";
  if (first === 0 && second !== 0) return "utf-16be";
  return isUtf8(bytes) ? "utf-8" : "windows-1252";
}
