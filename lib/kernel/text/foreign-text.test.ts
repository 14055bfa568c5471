import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { echo, leaked, secret } from "@/lib/testing/echoes";
import { foreignError, foreignText, withoutSecrets } from "./foreign-text";

const SECRET = "Qx8~kP2_vN-7rT/4mW+9zL=c.J6";
const secrets = [SECRET];
const clean = (text: string) => foreignText(text, { secrets });

describe("a secret that the other side repeats is taken out", () => {
  const base64 = Buffer.from(`user\u0001${SECRET}`).toString("base64");
  test.each([
    ["as it is", `You sent ${SECRET}.`, /^You sent \[removed\]\.$/],
    ["of a form", `You sent ${encodeURIComponent(SECRET)}!`, /^You sent \[removed\]!$/],
    ["over lines", "Qx8~kP2_\r\nvN-7rT/4\r\nmW+9zL=c\r\n.J6", /^(\[removed\] ?)+$/],
    ["its beginning", `Invalid: ${SECRET.slice(0, 12)}…`, /^Invalid: \[removed\]…$/],
    ["in base64", base64.slice(0, 30), /^.{0,8}\[removed\]$/],
  ])("%s", (_how, text, expected) => expect(clean(text)).toMatch(expected));

  test("also where a protocol puts a code before each piece of it", () => {
    const reply = `535-5.7.3 ${SECRET.slice(0, 9)}\r\n535-5.7.3 ${SECRET.slice(9, 18)}\r\n535 ${SECRET.slice(18)}`;
    const ignoring = /^\d{3}[ -](?:\d\.\d\.\d )?/gm;
    expect(foreignText(reply, { secrets, ignoring })).not.toMatch(/Qx8|vN-|zL=/);
  });

  test("and nothing else is", () => {
    const text = "AADSTS7000215: Invalid client secret provided. Trace ID: 0f3b Qx8~kP2_vN-";
    expect(clean(text)).toBe(text);
    expect(foreignText(text, { secrets: ["", "abc"] })).toBe(text);
  });

  test("before the text is cut, so that no end of one is left over", () => {
    for (let before = 480; before < 520; before += 1)
      expect(clean(`${"x".repeat(before)} ${SECRET}`)).not.toContain("Qx8");
  });
});

test("marks that steer a terminal or a line are taken out, and letters stay", () => {
  expect(foreignText("a\r\nb\t\u001b[31mred\u0007 moc\u202eelgoog\u200b.")).toBe(
    "a b [31mred  moc elgoog .",
  );
  expect(foreignText("half \ud800 pair, Grüße 👋")).toBe("half   pair, Grüße 👋");
});

test("an error of a library keeps its name and its code, and loses what it quotes", () => {
  const error = Object.assign(new TypeError(`Invalid login: 535 ${SECRET}`), { code: "EAUTH" });
  const kept = foreignError(error, { secrets });
  expect(kept).toMatchObject({ name: "TypeError", code: "EAUTH" });
  expect(kept.message).toBe("Invalid login: 535 [removed]");
  expect(kept.stack).not.toContain(SECRET);
});

describe("whatever is repeated, however", () => {
  test("no part of it is left that is worth anything", () => {
    fc.assert(
      fc.property(secret, echo, (value, { write, around }) => {
        const text = foreignText(around(write(value)), { secrets: [value] });
        expect(leaked(text, value)).toBeNull();
        expect(text.length).toBeLessThanOrEqual(512);
      }),
      { numRuns: 300 },
    );
  });

  test("a text of the other side alone stays as it is", () => {
    fc.assert(
      fc.property(secret, fc.lorem({ maxCount: 30 }), (value, text) => {
        expect(withoutSecrets(text, { secrets: [value] })).toBe(text);
      }),
    );
  });

  // One that is looked at once for each piece of itself would not come to an end here.
  test("a hostile text costs little", () => {
    const texts: [string, string][] = [
      ["aB3".repeat(90_000), "aB3".repeat(5_000)],
      ["a".repeat(90_000), "a".repeat(4_000)],
    ];
    for (const [text, token] of texts)
      expect(foreignText(text, { secrets: [token] }).length).toBeLessThanOrEqual(512);
  });
});
