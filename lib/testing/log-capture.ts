import pino from "pino";
import { afterAll, beforeAll } from "vitest";
import { log } from "@/lib/kernel/log";

/** Keeps every line that is logged, at every level, as it would be written. */
export function withCapturedLog(): string[] {
  const lines: string[] = [];
  const target = log as unknown as Record<symbol, unknown>; // pino's stream has no other way in
  const original = { stream: target[pino.symbols.streamSym], level: log.level };
  beforeAll(() => {
    target[pino.symbols.streamSym] = { write: (line: string) => lines.push(line) };
    log.level = "trace";
  });
  afterAll(() => {
    target[pino.symbols.streamSym] = original.stream;
    log.level = original.level;
  });
  return lines;
}
