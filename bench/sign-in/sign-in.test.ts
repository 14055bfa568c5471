import { expect, test } from "vitest";
import { attackRow, visitRow } from "./rows";

const visits = (...times: number[]) => times.map((ms) => ({ ms, isIn: true, refusals: 0 }));

test.each([
  {
    attacked: visits(400, 780),
    measured: "1.95 x idle (780 ms of 400 ms; p50 780 ms of 400 ms)",
    reached: "yes",
  },
  {
    attacked: visits(400, 800),
    measured: "2.00 x idle (800 ms of 400 ms; p50 800 ms of 400 ms)",
    reached: "no",
  },
])("an attack is borne below twice the time: $measured", ({ attacked, measured, reached }) => {
  const found = visitRow("sign-in", { idle: visits(300, 400), attacked });
  expect(found).toMatchObject({ measured, reached });
});

test("one who gave up misses the target, however little she waited", () => {
  const attacked = [...visits(400), { ms: 420, isIn: false, refusals: 1 }];
  const { measured, reached } = visitRow("sign-in", { idle: visits(300, 400), attacked });
  expect(measured).toMatch(/^> 1\.05 x idle .*; 1 of 2 told to wait; 1 gave up\)$/);
  expect(reached).toBe("no");
});

const whole = { "401": 20, "429": 1_980 };

test.each([
  ["whole", whole, "yes"],
  ["partly unanswered", { ...whole, "429": 1_979, none: 1 }, "no"],
  ["answered with errors", { ...whole, "429": 1_979, "500": 1 }, "no"],
])("an attack that is %s", (_what, answers, reached) => {
  const tallies = [{ answers, arrived: 2_000, answeredMeanwhile: 1_982, seconds: 10 }];
  expect(attackRow("attack", { tallies, perSecond: 200 }).reached).toBe(reached);
});

test("an attack that was answered more slowly than it came proves nothing", () => {
  const tallies = [{ answers: whole, arrived: 2_000, answeredMeanwhile: 1_500, seconds: 10 }];
  const { measured, reached } = attackRow("attack", { tallies, perSecond: 200 });
  expect(measured).toBe("2,000 of 2,000 (20 and 1,980), 150.0 /s");
  expect(reached).toBe("no");
});
