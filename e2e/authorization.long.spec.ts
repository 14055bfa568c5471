import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeCanaries } from "./canaries";
import { installation, test } from "./installation";
import {
  type Canaries,
  expectBarePrefetches,
  expectNoAction,
  expectNoPage,
  expectNoRoute,
  type Stranger,
} from "./strangers";
import { startWebWithoutProxy } from "./web-without-proxy";

// They ask for each page, route and action in several ways: thousands of requests.
test.setTimeout(600_000);

const STRANGERS: Stranger[] = [
  ["nobody", {}],
  ["a forged cookie", { cookie: "postkey.session=forged" }],
  ["a key that is none", { authorization: `Bearer pk_${"x".repeat(43)}` }],
  ["a malformed key", { authorization: "Bearer %E0%A4%A" }],
  ["a header that once skipped the proxy", { "x-middleware-subrequest": "proxy:proxy:proxy" }],
];
const WAYS: Stranger[] = [
  ["", {}],
  ["?_rsc=1", { rsc: "1" }],
  [".rsc", { rsc: "1" }],
];
let canaries: Canaries;
let strangers: Stranger[];

test.beforeAll(async ({ browser }) => {
  const placed = await placeCanaries(browser);
  canaries = placed.canaries;
  strangers = [...STRANGERS, placed.ended];
});

for (const proxy of ["with proxy.ts", "without proxy.ts"])
  test.describe(proxy, () => {
    const root = mkdtempSync(join(tmpdir(), "postkey-bare-"));
    let bare: Awaited<ReturnType<typeof startWebWithoutProxy>> | undefined;
    let origin = installation.url;
    test.beforeAll(async () => {
      if (proxy === "with proxy.ts") return;
      const env = { ...installation.webEnvironment, NODE_ENV: "production" as const };
      bare = await startWebWithoutProxy(join(root, "web"), env);
      origin = bare.url;
    });
    test.afterAll(async () => {
      await bare?.stop();
      rmSync(root, { recursive: true, force: true });
    });

    test("no page is shown to any stranger, in any way", async () => {
      await expectNoPage({ origin, canaries, strangers }, WAYS);
      await expectBarePrefetches({ origin, canaries, strangers });
    });

    test("no route answers any stranger", () => expectNoRoute({ origin, canaries, strangers }));

    test("no action does anything for any stranger, whatever it is given", () => {
      const inputs = [{}, { id: canaries.cloudProviderId, version: 1 }, "x"];
      return expectNoAction({ origin, canaries, strangers }, inputs);
    });
  });
