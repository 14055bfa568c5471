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

test("an action's body that no page sends is one short line; an error behind an action is told whole", () => {
  const request = { path: "/connect?code=canary", method: "POST", headers: { "next-action": "x" } };
  const thrownIn = (file: string) => {
    const error = new SyntaxError("Unexpected end of JSON input");
    return Object.assign(error, {
      stack: `${error}\n    at JSON.parse (<anonymous>)\n    at tI (/node_modules/next/dist/compiled/${file}:15:7)\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`,
    });
  };
  logRequestError(thrownIn("next-server/app-page-turbo.runtime.prod.js"), request);
  logRequestError(thrownIn("of-ours.js"), request);
  const [short = "", whole = ""] = logged.slice(-2);
  expect(JSON.parse(short)).toMatchObject({ path: "/connect", level: 40 });
  expect(JSON.parse(short)).not.toHaveProperty("error");
  expect(JSON.parse(whole)).toMatchObject({ path: "/connect", level: 50, error: {} });
});
