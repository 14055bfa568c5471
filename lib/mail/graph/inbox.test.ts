import { expect, test } from "vitest";
import { words } from "@/lib/kernel/words";
import { aPage, ODD_PAGE, READ_UNTIL, readGraphInbox, type Said } from "@/lib/testing/graph-inbox";
import { withInstallation } from "@/lib/testing/sandbox";
import { readEnvelope } from "../header-fields";

const sandbox = withInstallation();
const read = (said: Said[], stored?: string) => readGraphInbox(sandbox().stateDir, said, stored);
const ELSEWHERE = "https://evil.test/v1.0/x http://localhost/v1.0/x ORIGIN/v1.0/%2e%2E/x /v1.0/x";
test.each(words(`${ELSEWHERE} ORIGIN@evil.test/v1.0/x`))("%s is no next page", async (link) => {
  const { failure, parts, asked } = await read([aPage({ days: [1], nextLink: link })]);
  expect([failure, parts, asked.length]).toEqual(["graph.malformed_answer", [], 1]);
});

test("pages in a ring end, and a stored link of another mailbox or host begins by date", async () => {
  expect((await read([aPage({ nextLink: "ORIGIN/v1.0/n" })])).failure).toMatch(/malformed/);
  for (const stored of ["other ORIGIN/v1.0/x", "mine https://evil.test/v1.0/x"])
    expect((await read([aPage({})], stored)).asked[0]).toContain(`ge ${READ_UNTIL.before}`);
});

test("how far it was read in time is known at the end of its pages", async () => {
  const { parts } = await read([
    aPage({ days: [3], nextLink: "ORIGIN/v1.0/n" }),
    aPage({ days: [2] }),
  ]);
  expect(parts.map(({ position }) => position.readUntil?.getUTCDate())).toEqual([undefined, 3]);
});

test("a message of odd size, day and sender is read", async () => {
  const { header, receivedAt } = (await read([ODD_PAGE])).first;
  const told = `${readEnvelope(header).from} ${receivedAt > new Date(0)}`;
  expect(told).toBe("b c X: y <x@y.test> true");
});
