import { expect } from "vitest";

/** As much of a secret as must not be found anywhere. */
const PIECE = 24;

/** Neither whole nor in part, neither plain nor in base64, wherever it stands in what is encoded. */
export function expectNoSecret(value: unknown, ...secrets: string[]): void {
  const text = JSON.stringify(value);
  for (const form of secrets.flatMap(formsOf)) {
    const found = piecesOf(form).filter((piece) => text.includes(piece));
    expect(found).toEqual([]);
  }
}

/** A secret as it may be written: as it is, in an address, in hex, in base64 from each of the three offsets. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    // The characters at both ends hold bits of their neighbours as well.
    return (["base64", "base64url"] as const).map((encoding) =>
      padded
        .toString(encoding)
        .replace(/.{0,3}=*$/, "")
        .slice(before === 0 ? 0 : 4),
    );
  });
  const hex = bytes.toString("hex");
  return [secret, encodeURIComponent(secret), hex, hex.toUpperCase(), ...base64];
}

function piecesOf(form: string): string[] {
  if (form.length <= PIECE) return [form];
  return Array.from({ length: form.length - PIECE }, (_, index) => form.substr(index, PIECE));
}
