import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { AppError } from "@/lib/kernel/errors";
import config from "@/next.config.mjs";
import { problemPage } from "./problem-page";

test("the policy of the callback lets the page's own style in, and no other", async () => {
  const error = new AppError("invalid_request", "This answer belongs to no sign-in.");
  const html = await problemPage(error, { retry: false }).text();
  const [, style = ""] = /<style>([^<]*)<\/style>/.exec(html) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  const policies = (await config.headers?.())?.flatMap(({ source, headers }) =>
    source.endsWith("/callback") ? headers : [],
  );
  const policy = policies?.find(({ key }) => key === "Content-Security-Policy")?.value;
  expect(policy).toContain(`style-src 'sha256-${hash}';`);
  expect(policy).not.toContain("unsafe-inline");
});

test("the owner of a mailbox is led back to the link, and to nothing of the console", async () => {
  const error = new AppError("invalid_request", "Too late.", {
    remedyId: "callback.state_expired",
  });
  const html = await problemPage(error, { retry: false, isOwner: true }).text();
  expect(html).toContain("Open the link that you were sent once more");
  expect(html).not.toMatch(/Authenticate|\/settings\/|\/help\//);
});
