import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { Client } from "pg";
import { bodyLimits } from "@/lib/http/web/request-limits";
import { expect, installation, test } from "./installation";
import { ACTION_ID } from "./strangers";

/** Sends a head and the beginning of its body, and looks for the answer before it sends the rest. */
async function answerTo(path: string, head: Record<string, string>, begun: string) {
  const headers = { "content-type": "text/plain", "next-action": ACTION_ID, ...head };
  const sent = request(new URL(path, installation.url), { method: "POST", headers });
  const answered = once(sent, "response");
  sent.flushHeaders();
  if (begun) sent.write(begun);
  const [response]: IncomingMessage[] = await answered;
  sent.destroy();
  return response?.statusCode;
}

test("a body that is too long is refused before it is sent, or as soon as it is", async () => {
  const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
  for (const path of ["/", "/sign-in", "/api/auth/callback/credentials", `/api/contacts/${ID}`]) {
    const { maxBytes } = bodyLimits(path);
    expect(await answerTo(path, { "content-length": `${maxBytes + 1}` }, ""), path).toBe(413);
    const chunked = { "transfer-encoding": "chunked" };
    expect(await answerTo(path, chunked, "a".repeat(maxBytes + 1)), path).toBe(413);
  }
  const upload = await answerTo("/api/contacts/import", { "content-length": `${2 ** 30}` }, "");
  expect(upload).toBe(413);
});

test("a page that the database keeps waiting is answered with 503, and comes when it is asked for again", async ({
  page,
  complaints,
}) => {
  const holding = new Client({ connectionString: installation.databaseUrl });
  await holding.connect();
  try {
    await holding.query(`BEGIN; LOCK TABLE "Incident" IN ACCESS EXCLUSIVE MODE`);
    const response = await page.request.get("/contacts");
    expect([response.status(), response.headers()["retry-after"]]).toEqual([503, "5"]);
    await page.goto("/contacts");
    await expect(
      page.getByRole("heading", { name: "This page could not be loaded" }),
    ).toBeVisible();
    // The failure itself, as React tells it.
    expect(complaints.splice(0).join()).toMatch(/React error #441|Server Components render/);
  } finally {
    await holding.end();
  }
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Contacts Manager", level: 1 })).toBeVisible();
});
