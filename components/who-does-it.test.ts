import { describe, expect, test } from "vitest";
import { listRemedies } from "@/lib/remedies/catalogue";
import { whereToRun, whoDoesIt } from "./who-does-it";

describe("who takes the steps", () => {
  test.each([...new Set(listRemedies().map(({ who }) => who))])("of %s is a sentence", (who) => {
    expect(whoDoesIt(who)).toMatch(/^[A-Z][^.:]*\.$/);
    expect(whoDoesIt(who)).not.toMatch(/ in /);
  });
});

describe("where a command is run", () => {
  const shells = new Set(listRemedies().flatMap(({ command }) => command?.shell ?? []));

  test.each([...shells])("in %s leads to it", (shell) => {
    const isLocal = shell === "Command line of the Postkey server";
    const lead = isLocal
      ? /^Run on the Postkey server:$/
      : new RegExp(`^Run in ${shell} as a tenant administrator, after [\\w -]+:$`);
    expect(whereToRun(shell)).toMatch(lead);
  });
});
