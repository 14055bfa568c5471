import { expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { listAuthorizations, listSignInFailures, readTokenStates } from "./queries";

withDatabase();
const ada = administrator();
const MANY = 620;

test("of many who are signed in each is on a page, and what keeps some out names them all", async () => {
  const cloudProviderId = await seedProvider({ accounts: MANY });
  const failed = await db().$executeRaw`UPDATE "TokenSet" SET state = 'sign_in_again',
      "failureId" = CASE WHEN a."objectId"::int % 3 = 0 THEN 'AADSTS50173' ELSE 'AADSTS700082' END
    FROM "Authorization" a WHERE a.id = "authorizationId" AND a."objectId"::int > 20`;
  expect(failed).toBe(600);

  const pages = [await listAuthorizations(ada, cloudProviderId)];
  for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
    pages.push(await listAuthorizations(ada, cloudProviderId, { after: next }));
  const names = pages.flatMap(({ rows }) => rows.map(({ username }) => username));
  expect(new Set(names).size).toBe(MANY);
  expect(names).toHaveLength(MANY);

  const failures = await listSignInFailures(ada, cloudProviderId);
  expect(failures.map(({ failureId, count }) => [failureId, count]).sort()).toEqual([
    ["AADSTS50173", 200],
    ["AADSTS700082", 400],
  ]);
  for (const { count, names: named, usernames } of failures)
    expect([new Set(named).size, new Set(usernames).size]).toEqual([count, count]);

  const states = await readTokenStates(ada, cloudProviderId);
  expect(states.filter(({ state }) => state === "connected")).toHaveLength(20);
  expect(states).toHaveLength(MANY);
});
