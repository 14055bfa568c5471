import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { folderOfFile } from "@/lib/testing/folder";
import { ownFolder } from "@/scripts/folder-users.mjs";
import { freePort } from "@/scripts/ports.mjs";
import { serve } from "@/scripts/serve.mjs";

const dataFolder = folderOfFile();

const contents = () =>
  readdirSync(dataFolder, { recursive: true, encoding: "utf8" }).map((name) => {
    const { size, mtimeMs, ino } = statSync(join(dataFolder, name));
    return [name, size, mtimeMs, ino];
  });

test("a second start with a data folder is refused in one line, and writes nothing", async () => {
  const leave = await ownFolder(dataFolder);
  const before = contents();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const start = serve({ dataFolder, url, host: "127.0.0.1", mode: "production", port });
  await expect(start).rejects.toThrow(/^Postkey is already running with the data folder .*\.$/);
  expect(contents()).toEqual(before);
  leave();
});

test("one process alone is refused without a database and a key that others have too", async () => {
  vi.stubEnv("DATABASE_URL", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  const at = { url: "http://localhost:3000", host: "127.0.0.1", port: await freePort() };
  const start = serve({ ...at, dataFolder, mode: "production", only: "keeper" });
  await expect(start).rejects.toThrow(
    /^To run the keeper on its own, set DATABASE_URL and POSTKEY_KEY/,
  );
});
