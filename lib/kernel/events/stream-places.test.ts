import { describe, expect, test } from "vitest";
import { administrator } from "@/lib/testing/actors";
import { takeStreamPlace } from "./stream-places";

const key = (id: string, address?: string) => ({
  ...administrator(),
  kind: "api_key" as const,
  id,
  ...(address && { address }),
});
const take = (count: number, actor: Parameters<typeof takeStreamPlace>[0]) =>
  Array.from({ length: count }, () => takeStreamPlace(actor));
const refused = { code: "too_many_requests", retryAfterSeconds: 30 };

describe("streams that stay open", () => {
  test("are twenty for one key, and a place that is given back is free", () => {
    const places = take(20, key("one"));
    expect(() => takeStreamPlace(key("one"))).toThrow(expect.objectContaining(refused));
    const others = take(20, key("two"));
    places[0]?.();
    places[0]?.();
    const again = takeStreamPlace(key("one"));
    expect(() => takeStreamPlace(key("one"))).toThrow(expect.objectContaining(refused));
    for (const giveBack of [...places, ...others, again]) giveBack();
  });

  test("are fifty for the pages of one session", () => {
    const person = { ...administrator(), sessionId: "s" };
    const places = take(50, person);
    expect(() => takeStreamPlace(person)).toThrow(expect.objectContaining(refused));
    for (const giveBack of places) giveBack();
  });

  test("are limited for one network, whatever keys and addresses it has", () => {
    const places = Array.from({ length: 500 }, (_, at) =>
      takeStreamPlace(key(`k${at}`, `2001:db8::${at.toString(16)}`)),
    );
    const next = key("next", "2001:db8::ffff");
    expect(() => takeStreamPlace(next)).toThrow(expect.objectContaining(refused));
    const elsewhere = takeStreamPlace(key("next", "2001:db8:0:1::1"));
    for (const giveBack of [...places, elsewhere]) giveBack();
    takeStreamPlace(next)();
  });
});
