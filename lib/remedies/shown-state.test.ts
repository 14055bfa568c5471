import { describe, expect, test } from "vitest";
import { fillRemedy, findRemedy, listRemedies } from "./catalogue";
import { type RepairButton, type RepairObject, signInHelps } from "./remedy";
import { helpedBySignIn, shownState } from "./shown-state";

const PROVIDER = { id: "p1", credentialKind: "client_secret", grant: "delegated" };
const ACCOUNT = { id: "a1", username: "alice@contoso.test" };
const OF_ACCOUNT = { provider: PROVIDER, account: ACCOUNT };

/** Without those of the way back from a sign-in, which keep no account from working. */
const NOT_HELPED = listRemedies().filter(
  (remedy) => !signInHelps(remedy) && !remedy.id.startsWith("callback."),
);
const HELPED = listRemedies().filter(signInHelps);

const filled = (id: string, object: RepairObject) => fillRemedy(findRemedy(id), { object });
const isSignIn = (button: RepairButton | undefined) =>
  button?.kind === "create_links" || (button?.kind === "sign_in" && !("connects" in button.does));

describe("where signing in again does not help", () => {
  test.each(NOT_HELPED.map(({ id }) => id))("%s is not called that", (id) => {
    expect(shownState("sign_in_again", [id])).toMatch(/^(?:refused|blocked_by_policy)$/);
  });

  test.each([
    ["an account", OF_ACCOUNT],
    ["an incident of many", { provider: PROVIDER, incident: { id: "i1", accounts: 9 } }],
    ["accounts that failed in a test run", { failed: { testRunId: "r1", failedWith: "x" } }],
  ] as const)("no button for it comes first, for %s", (_what, object) => {
    const wrong = NOT_HELPED.flatMap(({ id }) =>
      isSignIn(filled(id, object).buttons?.[0]) ? [id] : [],
    );
    expect(wrong).toEqual([]);
  });

  test("nobody gets a link that lets them in again", () => {
    expect(helpedBySignIn()).not.toContain("AADSTS53003");
    expect(helpedBySignIn()).toContain("AADSTS50173");
  });
});

describe("where signing in again helps", () => {
  test.each(HELPED.map(({ id }) => id))("%s is called that, and has a button for it", (id) => {
    expect(shownState("sign_in_again", [id])).toBe("sign_in_again");
    const kinds = filled(id, OF_ACCOUNT).buttons?.map(({ kind }) => kind);
    expect(kinds).toContain("sign_in");
  });
});

test.each(["700003", "50129", "500021"])("AADSTS%s lets another device or network in", (code) => {
  const id = `AADSTS${code}`;
  expect(shownState("sign_in_again", [id])).toBe("sign_in_again");
  const { buttons, isPolicy } = filled(id, OF_ACCOUNT);
  expect(isPolicy).toBeUndefined();
  expect(buttons?.map(({ kind }) => kind)).toEqual(["sign_in", "create_links"]);
});

test("a policy is named, and the button tests whether it lets in now", () => {
  expect(shownState("sign_in_again", ["AADSTS53003"])).toBe("blocked_by_policy");
  expect(shownState("fix_registration", ["postkey.workload_policy"])).toBe("blocked_by_policy");
  const { buttons } = filled("AADSTS53003", OF_ACCOUNT);
  expect(buttons).toEqual([
    { kind: "test", label: "Test again", does: { opens: "/email/accounts/a1?test=fresh" } },
  ]);
});

test("of several reasons one that a sign-in helps against counts", () => {
  expect(shownState("sign_in_again", ["AADSTS53003", "AADSTS50173"])).toBe("sign_in_again");
  expect(shownState("sign_in_again", ["AADSTS53003", "AADSTS50057"])).toBe("refused");
  expect(shownState("sign_in_again", [])).toBe("sign_in_again");
  expect(shownState("fix_registration", ["AADSTS7000222"])).toBe("fix_registration");
});
