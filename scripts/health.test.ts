import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { uptime } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { folderOfTest } from "@/lib/testing/folder";
import { keepSign, requireHealth } from "./health.mjs";

let folder: string;
let file: string;

beforeEach(() => {
  folder = folderOfTest();
  file = join(folder, "health");
  vi.stubEnv("POSTKEY_HEALTH_FILE", file);
});

async function answering(status: number): Promise<string> {
  const { port, close } = await listenOnLoopback(() =>
    createServer((_request, response) => response.writeHead(status).end("so it is")),
  );
  onTestFinished(close);
  return `http://127.0.0.1:${port}`;
}

const keep = (origins: string[], areWell = true) => {
  const end = keepSign({ areWell: () => areWell }, origins);
  onTestFinished(end);
  return end;
};

test("processes that are well and servers that answer are healthy, until they end", async () => {
  const end = keep([await answering(200)]);
  await requireHealth(file);
  end();
  await expect(requireHealth(file)).rejects.toThrow("is not running");
});

test("a server that cannot serve is not healthy, in its own words", async () => {
  const origin = await answering(503);
  keep([await answering(200), origin]);
  await expect(requireHealth(file)).rejects.toThrow(`${origin} answers 503: so it is`);
});

test("a process that gives no sign of life is not healthy, even if none answers anyone", async () => {
  const sign = (at: number) => writeFileSync(file, JSON.stringify({ at, origins: [] }));
  sign(uptime() - 5);
  await requireHealth(file);
  sign(uptime() - 20);
  keep([], false);
  await expect(requireHealth(file)).rejects.toThrow(/no sign of life for 2\d s/);
  sign(uptime() + 300);
  await expect(requireHealth(file)).rejects.toThrow(/no sign of life for \d+ s/);
});

test("a file that cannot be written is told at the start", () => {
  vi.stubEnv("POSTKEY_HEALTH_FILE", join(folder, "nowhere", "health"));
  expect(() => keep([])).toThrow(/^POSTKEY_HEALTH_FILE cannot be written \(ENOENT/);
});

test("without a file to look at it says what is missing", async () => {
  await expect(requireHealth(undefined)).rejects.toThrow("another POSTKEY_HEALTH_FILE");
});

test("what Postkey did not write is neither written over nor removed", () => {
  writeFileSync(join(folder, "notes"), "mine");
  symlinkSync(join(folder, "notes"), join(folder, "link"));
  for (const name of ["notes", "link", "."]) {
    vi.stubEnv("POSTKEY_HEALTH_FILE", join(folder, name));
    expect(() => keep([])).toThrow("cannot be written (it is another file).");
  }
  expect(readFileSync(join(folder, "notes"), "utf8")).toBe("mine");
});

test("a stop takes away no folder that stands in its place, and goes on", () => {
  const stop = keep([]);
  rmSync(file);
  mkdirSync(file);
  stop();
  expect(lstatSync(file).isDirectory()).toBe(true);
});
