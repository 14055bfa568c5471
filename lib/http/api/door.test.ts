import { expect, test } from "vitest";
import { openStreams } from "@/lib/kernel/events/stream-places";
import { program } from "@/lib/testing/actors";
import { problem } from "@/lib/testing/api";
import { withDatabase } from "@/lib/testing/database";
import { apiDoor } from "./door";

withDatabase();
const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const reader = program("contacts:read", "accounts:read", "events:read");
const known = apiDoor(async () => reader);
const strange = apiDoor(async () => null);

const ask = (path: string, method = "GET", door = known) =>
  door(new Request(`http://localhost:3000${path}`, { method }));

test("there is nothing at other addresses, and no address in a broken encoding", async () => {
  for (const path of [
    ...["/api", "/api/", "/api/nothing", "/api/contacts/", "/api//contacts", "/contacts"],
    ...["/api/Contacts", "/api/constructor", "/api/emailAccounts//accessToken"],
    ...[`/api/emailAccounts/${ID}/`, `/api/emailAccounts/${ID}/accessToken/more`],
  ])
    expect(await problem(await ask(path)), path).toMatchObject({ status: 404, title: "not_found" });
  for (const path of [
    "/api/contacts/%",
    "/api/errors/%E0%A4%A",
    `/api/emailAccounts/%zz/accessToken`,
  ])
    expect(await problem(await ask(path)), path).toMatchObject({
      status: 400,
      title: "invalid_request",
    });
});

test("a parameter is read as it was meant, and a name of the API's own is none", async () => {
  const entry = await ask(`/api/errors/${encodeURIComponent("AADSTS50105")}`);
  expect(await entry.json()).toMatchObject({ id: "AADSTS50105" });
  expect(await (await ask("/api/contacts/export")).text()).toMatch(/^"email","name"/);
  expect(await problem(await ask("/api/contacts/exports"))).toMatchObject({ status: 404 });
});

test.each([
  ["PUT", "/api/contacts", "GET, POST, HEAD, OPTIONS"],
  ["DELETE", "/api/contacts/export", "GET, HEAD, OPTIONS"],
  ["GET", `/api/emailAccounts/${ID}/connectionTest`, "POST, OPTIONS"],
  ["HEAD", `/api/emailAccounts/${ID}/connectionTest`, "POST, OPTIONS"],
  ["POST", "/api/openapi.json", "GET, HEAD, OPTIONS"],
  ["POST", "/api/health", "GET, HEAD, OPTIONS"],
])("%s %s is told what the address takes", async (method, path, allow) => {
  const response = await ask(path, method);
  expect(response.headers.get("allow")).toBe(allow);
  expect(await problem(response)).toMatchObject({ status: 405, title: "method_not_allowed" });
});

test("HEAD is answered as GET is, and holds no stream open", async () => {
  const [head, get] = [await ask("/api/contacts", "HEAD"), await ask("/api/contacts")];
  expect([head.status, ...head.headers]).toEqual([get.status, ...get.headers]);
  const stream = await ask("/api/events", "HEAD");
  expect(stream.headers.get("content-type")).toContain("text/event-stream");
  expect(openStreams().size).toBe(0);
});

test("a stranger hears of nothing but whether the process can serve", async () => {
  expect(await (await ask("/api/health", "GET", strange)).json()).toEqual({ status: "ok" });
  for (const path of ["/api/contacts", "/api/openapi.json", `/api/contacts/${ID}`])
    expect(await problem(await ask(path, "GET", strange))).toMatchObject({ status: 401 });
});
