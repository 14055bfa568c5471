import { expect, test } from "vitest";
import { redeemInTurn } from "./redemptions";

test("strangers beyond those that may wait make no room where somebody who is known does", async () => {
  const gates: (() => void)[] = [];
  const slow = () => new Promise<string>((done) => gates.push(() => done("in")));
  const redeem = (code: string, browser: string | null) =>
    redeemInTurn({ client: "c", code, browser }, slow).catch(({ remedyId }) => remedyId);
  // As many as a company is asked about at once.
  const running = Array.from({ length: 8 }, (_, at) => redeem(`running ${at}`, "other"));
  const known = redeem("known", "hers");
  const strangers = Array.from({ length: 110 }, (_, at) => redeem(`stranger ${at}`, null));
  expect(await strangers[0]).toBe("company.too_many");
  const open = setInterval(() => {
    for (const gate of gates.splice(0)) gate();
  }, 5);
  expect(await known).toBe("in");
  expect(await Promise.all(running)).toEqual(running.map(() => "in"));
  const heard = await Promise.all(strangers);
  clearInterval(open);
  expect(heard.filter((each) => each === "in")).toHaveLength(99);
});
