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

function formsOf(secret: string): string[] {
  const encoded = [0, 1, 2].map((before) =>
    Buffer.from("\0".repeat(before) + secret)
      .toString("base64")
      .slice(before === 0 ? 0 : 4)
      .replace(/.{0,3}=*$/, ""),
  );
  return [secret, ...encoded];
}

function piecesOf(form: string): string[] {
  if (form.length <= PIECE) return [form];
  return Array.from({ length: form.length - PIECE }, (_, index) => form.substr(index, PIECE));
}
