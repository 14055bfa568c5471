import { afterEach, expect, test, vi } from "vitest";
import { withDatabase } from "@/lib/testing/database";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { startServer } from "./server";

withDatabase();
const logged = withCapturedLog();
const { error, warn } = console;

afterEach(() => {
  Object.assign(console, { error, warn });
  vi.unstubAllEnvs();
});

test("what Next.js prints of an error goes to the log, without what hangs on it", () => {
  vi.stubEnv("NODE_ENV", "production");
  startServer();
  const request = { headers: { authorization: "Bearer canary" } };
  // biome-ignore lint/suspicious/noConsole: it stands for Next.js
  console.error(" ⨯", Object.assign(new Error("boom"), { request }));
  const [line = ""] = logged.slice(-1);
  expect(JSON.parse(line)).toMatchObject({ error: { message: "boom" }, level: 50 });
  expect(line).not.toContain("canary");
});
