import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";
import { openBrowser } from "@/lib/testing/browser";
import { withInstallation } from "@/lib/testing/sandbox";
import { defineAction } from "./action";

const rendered = vi.hoisted((): string[] => []);
vi.mock("next/headers", async () => (await import("@/lib/testing/browser")).nextHeaders);
vi.mock("next/cache", () => ({
  revalidatePath: (path: string, type: string) => rendered.push(`${path} ${type}`),
}));

withInstallation();
const schema = z.strictObject({ name: z.string() });
const refuse = async () => {
  throw new AppError("conflict", "Taken.");
};

beforeEach(async () => {
  rendered.length = 0;
  await openBrowser();
});

test("an action renders the pages below its path again, once it did what it was asked", async () => {
  const rename = defineAction(schema, async (_actor, { name }) => name, { revalidates: "/lists" });
  expect(await rename({ name: "New" })).toEqual({ ok: true, data: "New" });
  expect(rendered).toEqual(["/lists layout"]);
});

test("an action that is refused leaves the pages, and what is typed there, as they are", async () => {
  const rename = defineAction(schema, refuse, { revalidates: "/lists" });
  expect(await rename({ name: "New" })).toMatchObject({ ok: false, error: { code: "conflict" } });
  expect(rendered).toEqual([]);
});

test("an action that keeps what failed shows it", async () => {
  const send = defineAction(schema, refuse, { revalidates: "/channels", keepsFailures: true });
  expect(await send({ name: "New" })).toMatchObject({ ok: false });
  expect(rendered).toEqual(["/channels layout"]);
});
