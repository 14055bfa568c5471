import { expect, test } from "vitest";
import { withDatabase } from "@/lib/testing/database";
import config from "@/next.config.mjs";
import { apiDoor } from "./door";
import { OPERATIONS } from "./operations/all";

withDatabase();

test("Next.js puts nothing in the place of what the API says about caches", async () => {
  const rules = (await config.headers?.()) ?? [];
  const replaced = rules.filter(({ headers }) =>
    headers.some(({ key }) => key === "Cache-Control"),
  );
  expect(replaced.length).toBeGreaterThan(0);
  const paths = [...OPERATIONS.map(({ path }) => path), "/api/openapi.json", "/api/nothing"];
  const found = replaced.flatMap(({ source }) =>
    paths.filter((path) => path.startsWith(source.replace(/:.*/, ""))),
  );
  expect(found).toEqual([]);
});

test.each([
  ["OPTIONS", "/api/emailAccounts"],
  ["POST", "/api/openapi.json"],
  ["GET", "/api/nothing"],
  ["GET", "/api/health"],
  ["GET", "/api/emailAccounts"],
])("no cache keeps the answer to %s %s", async (method, path) => {
  const door = apiDoor(async () => null);
  const response = await door(new Request(`http://localhost:3000${path}`, { method }));
  expect(response.headers.get("cache-control")).toBe("no-store");
});
