import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";
import { openBrowser } from "@/lib/testing/browser";
import { revalidated } from "@/lib/testing/next-cache";
import { withInstallation } from "@/lib/testing/sandbox";
import { defineAction } from "./action";

withInstallation();
const schema = z.strictObject({ name: z.string() });
const refuse = async () => {
  throw new AppError("conflict", "Taken.");
};

beforeEach(async () => {
  revalidated.length = 0;
  await openBrowser();
});

test("an action renders the pages below its path again, once it did what it was asked", async () => {
  const rename = defineAction(schema, async (_actor, { name }) => name, { revalidates: "/lists" });
  expect(await rename({ name: "New" })).toEqual({ ok: true, data: "New" });
  expect(revalidated).toEqual(["/lists layout"]);
});

test("an action that is refused leaves the pages, and what is typed there, as they are", async () => {
  const rename = defineAction(schema, refuse, { revalidates: "/lists" });
  expect(await rename({ name: "New" })).toMatchObject({ ok: false, error: { code: "conflict" } });
  expect(revalidated).toEqual([]);
});

test("an action that keeps what failed shows it", async () => {
  const send = defineAction(schema, refuse, { revalidates: "/channels", keepsFailures: true });
  expect(await send({ name: "New" })).toMatchObject({ ok: false });
  expect(revalidated).toEqual(["/channels layout"]);
});
