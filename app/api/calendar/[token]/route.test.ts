import { NextRequest } from "next/server";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { renewCalendarAddress } from "@/lib/watch/calendar/mutations";
import { findCalendarAddress } from "@/lib/watch/calendar/queries";
import { GET } from "./route";

withDatabase();
const ada = administrator();
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

describe("the address of the calendar", () => {
  const get = async (address: string) => {
    const token = new URL(address).pathname.split("/").at(-1) ?? "";
    return GET(new NextRequest(address), { params: Promise.resolve({ token }) });
  };

  test("is made when it is asked for, and another one ends it", async () => {
    await db().installation.update({ where: { id: 1 }, data: { calendarTokenSealed: null } });
    expect(await findCalendarAddress(ada)).toBeNull();
    expect((await get("http://localhost:3000/api/calendar/.ics")).status).toBe(404);
    await seedProvider({ name: "Contoso", secretExpiresAt: inDays(300) });
    const first = await renewCalendarAddress(ada);
    expect(await findCalendarAddress(ada)).toBe(first);
    const answer = await get(first);
    expect(answer.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    expect(await answer.text()).toContain("SUMMARY:Client secret of Contoso expires");
    const second = await renewCalendarAddress(ada);
    expect(second).not.toBe(first);
    expect((await get(first)).status).toBe(404);
    expect((await get(second)).status).toBe(200);
    const { calendarTokenSealed } = await db().installation.findUniqueOrThrow({ where: { id: 1 } });
    expect(calendarTokenSealed).not.toContain(new URL(second).pathname.slice(14, -4));
  });

  test.each(["x", "x".repeat(43), "%00", "../events"])("%s is none", async (token) => {
    await renewCalendarAddress(ada);
    expect((await get(`http://localhost:3000/api/calendar/${token}.ics`)).status).toBe(404);
  });
});
