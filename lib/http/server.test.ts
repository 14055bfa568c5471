import {
  getActionNotFoundError,
  getInvalidServerReferenceIdError,
} from "next/dist/server/app-render/manifests-singleton";
import { afterEach, expect, test, vi } from "vitest";
import { withDatabase } from "@/lib/testing/database";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { logRequestError, startServer } from "./server";

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
  // biome-ignore lint/suspicious/noConsole: it plays the part of Next.js
  console.error(" ⨯", Object.assign(new Error("boom"), { request }));
  const [line = ""] = logged.slice(-1);
  expect(JSON.parse(line)).toMatchObject({ error: { message: "boom" }, level: 50 });
  expect(line).not.toContain("canary");
});

test("an action that nobody knows costs one short line, wherever Next.js tells of it", () => {
  vi.stubEnv("NODE_ENV", "production");
  startServer();
  const invented = "f".repeat(42);
  for (const error of [getActionNotFoundError(invented), getInvalidServerReferenceIdError("x")]) {
    const before = logged.length;
    // biome-ignore lint/suspicious/noConsole: it plays the part of Next.js
    console.warn(error);
    logRequestError(error, { path: "/login", method: "POST", headers: {} });
    const lines = logged.slice(before);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.length).toBeLessThan(200);
      expect(JSON.parse(line)).not.toHaveProperty("error");
      expect(line).not.toContain(invented);
    }
  }
});
