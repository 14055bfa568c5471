import { expect, test } from "vitest";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { AppError } from "./errors";
import { log } from "./log";

const lines = withCapturedLog();
const written = () => lines.splice(0).join("");

test("what is named is written, with time and level", () => {
  log.info({ cloudProviderId: "1" }, "sign-in failed");
  expect(JSON.parse(written())).toMatchObject({ cloudProviderId: "1", msg: "sign-in failed" });
});

test("what is never to be written is not, even when somebody names it", () => {
  const secret = "canary-1234";
  const fields = ["password", "clientSecret", "accessToken", "refreshToken"];
  for (const field of fields) {
    log.info({ [field]: secret });
    log.info({ row: { [field]: secret } });
  }
  log.info({ code: secret, state: secret });
  const text = written();
  expect(text).toContain("[redacted]");
  expect(text).not.toContain(secret);
});

test("of an error its name, message, stack and cause are written, and no other property", () => {
  const inner = Object.assign(new Error("refused"), { request: { body: "client_secret=canary" } });
  const error = new AppError("conflict", "It did not work.", { cause: inner });
  log.error({ error: Object.assign(error, { token: "canary" }) }, "failed");
  const text = written();
  expect(JSON.parse(text).error).toMatchObject({
    name: "AppError",
    message: "It did not work.",
    stack: expect.any(String),
    cause: { name: "Error", message: "refused" },
  });
  expect(text).not.toContain("canary");
  log.error({ error: "just a text" });
  expect(JSON.parse(written()).error).toEqual({ name: "string", message: "just a text" });
});

test("of a copy of an error, as the job library passes it on, the same is written", () => {
  const error = Object.assign(new Error("relation does not exist"), { detail: "canary" });
  log.warn({ error: { ...error, message: error.message, stack: error.stack, queue: "q" } });
  const text = written();
  expect(JSON.parse(text).error).toEqual({
    name: "object",
    message: "relation does not exist",
    stack: expect.stringContaining("log.test.ts"),
  });
  expect(text).not.toContain("canary");
  log.warn({ error: { password: "canary", code: 7 } });
  expect(JSON.parse(written()).error).toEqual({
    name: "object",
    message: "an object with password, code",
  });
});

test("a long message is cut, and a chain of causes ends", () => {
  const loop = new Error("x".repeat(5_000));
  loop.cause = loop;
  log.error({ error: loop });
  expect(written().length).toBeLessThan(8_192);
});
