import { placeCanaries } from "./canaries";
import { expect, installation, test } from "./installation";
import {
  ACTION_ID,
  type Canaries,
  expectBarePrefetches,
  expectNoAction,
  expectNoPage,
  expectNoRoute,
  guardedPages,
  type Stranger,
  withIds,
} from "./strangers";

const origin = installation.url;
const NOBODY: Stranger = ["nobody", {}];
const SKIPPING: Stranger = [
  "a header",
  { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
];
let canaries: Canaries;
let ended: Stranger;

test.beforeAll(async ({ browser }) => {
  ({ canaries, ended } = await placeCanaries(browser));
});

test("no page is shown to anybody who is not signed in, in any way", async () => {
  await expectNoPage({ origin, canaries, strangers: [NOBODY, SKIPPING, ended] }, [["", {}]]);
  await expectNoPage({ origin, canaries, strangers: [NOBODY] }, [["?_rsc=1", { rsc: "1" }]]);
  await expectBarePrefetches({ origin, canaries, strangers: [] });
});

test("no route answers anybody who is not authenticated", () =>
  expectNoRoute({ origin, canaries, strangers: [NOBODY, SKIPPING] }));

test("no action does anything for anybody who is not signed in", () =>
  expectNoAction({ origin, canaries, strangers: [ended] }, [{}]));

test("nothing is taken from another site, whatever host it names", async () => {
  const action = { "next-action": ACTION_ID, "content-type": "text/plain" };
  const post = async (path: string, more: Record<string, string>, body: string) => {
    const headers = { ...action, ...more };
    const url = new URL(path, origin);
    return (await fetch(url, { method: "POST", headers, body, redirect: "manual" })).status;
  };
  const evil = { origin: "https://evil.test", "x-forwarded-host": "evil.test" };
  for (const path of ["/", "/sign-in", "/api/auth/callback/credentials", "/api/auth/signout"])
    for (const from of [evil, { origin: "null" }, { "sec-fetch-site": "cross-site" }])
      expect(await post(path, from, "[{}]"), `${path} from ${JSON.stringify(from)}`).toBe(403);
  for (const page of ["verify-request", "signout", "new-user"])
    expect((await fetch(new URL(`/api/auth/${page}`, origin))).status, page).toBe(404);
});

test("every page is sent to an administrator, and all that was stored is still there", async ({
  page,
}) => {
  for (const path of guardedPages) {
    const answer = await page.request.get(withIds(path, canaries));
    expect([200, 404], path).toContain(answer.status());
    expect(await answer.text(), path).not.toContain("could not be loaded");
  }
  await page.goto(`/settings/cloud-providers/${canaries.cloudProviderId}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(canaries.texts[0] ?? "");
});
