import { beforeEach, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { DAY_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { listCloudProviders } from "@/lib/registrations/queries";
import type { ExpiryKind } from "@/lib/registrations/schema";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider, setTokens } from "@/lib/testing/outage";
import { accountForm } from "@/lib/testing/sign-in";
import { toIcs } from "./ics";
import { listPasswordEnds } from "./passwords";
import { listExpiries, listExpiryLines } from "./queries";
import { type Expiry, expiryEffect, expiryTitle, lineDays, lineTitle } from "./schema";

withDatabase();
const ada = administrator();
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

beforeEach(() => db().$executeRaw`TRUNCATE "EmailAccount", "CloudProvider" CASCADE`);

describe("what ends", () => {
  test("is the secrets in use, the soonest first, with the accounts that stop", async () => {
    await seedProvider({ name: "Late", accounts: 7, secretExpiresAt: inDays(50) });
    await seedProvider({ name: "Soon", accounts: 1, secretExpiresAt: inDays(3) });
    await seedProvider({ name: "Far", secretExpiresAt: inDays(61) });
    await seedProvider({ name: "Over", secretExpiresAt: inDays(-1) });
    const found = await listExpiries(ada, 60);
    expect(found.map(({ provider, accounts }) => [provider, accounts])).toEqual([
      ["Soon", 1],
      ["Late", 7],
    ]);
    expect(found[1]?.accountNames).toHaveLength(5);
    await db().clientCredential.updateMany({ data: { supersededAt: new Date() } });
    expect(await listExpiries(ada, 60)).toEqual([]);
  });

  test("is the sign-ins that nobody renews, 90 days after their last use, in one entry a day", async () => {
    const id = await seedProvider({ name: "Contoso", accounts: 3 });
    await seedProvider({ name: "Fine", accounts: 2 });
    await setTokens(id, { state: "sign_in_again", failureId: "AADSTS50173" });
    await db().tokenSet.updateMany({ data: { refreshedAt: inDays(-80) } });
    const found = await listExpiries(ada, 60);
    expect(found).toMatchObject([
      { kind: "sign_in", provider: "Contoso", detail: "3", accounts: 3 },
    ]);
    const days = ((found[0]?.at.getTime() ?? 0) - Date.now()) / DAY_MS;
    expect(Math.ceil(days)).toBeOneOf([9, 10]);
  });
});

test("what services announced ends for the accounts that sign in by a password there", async () => {
  const passwords = { modernAuthentication: false, password: "p" };
  for (const [service, active] of [["outlook365"], ["outlook365", false], ["yahoo"]] as const)
    await createEmailAccount(ada, accountForm({ ...passwords, service, active }));
  const endsWithin = async (days: number) => {
    const span = { from: new Date("2026-12-01T00:00:00Z"), days };
    return (await listPasswordEnds(ada, span)).map((each) => [
      expiryTitle(each),
      each.at.toISOString().slice(0, 10),
      expiryEffect(each),
    ]);
  };
  const announced = expect.stringMatching(
    /administrator may switch it on again.* Stops 1 account: /,
  );
  expect(await endsWithin(30)).toEqual([
    ["Passwords for SMTP end at Outlook365", "2026-12-31", announced],
  ]);
  expect(await endsWithin(29)).toEqual([]);
});

describe("what ends, in lines", () => {
  const lines = () => listExpiryLines(ada, 60);
  test("leads to the providers of each line, near and far, and to no others", async () => {
    for (let day = 1; day < 70; day += 1) {
      const id = await seedProvider({ name: `P ${day}`, secretExpiresAt: inDays(day) });
      const where = { cloudProviderId: id };
      if (day % 3 === 0)
        await db().clientCredential.updateMany({ where, data: { kind: "certificate" } });
      if (day % 5 === 0)
        await db().cloudProvider.update({ where: { id }, data: { service: "google" } });
    }
    const away = await seedProvider({ name: "Away", secretExpiresAt: inDays(400) });
    await setTokens(away, { state: "sign_in_again", failureId: "AADSTS50173" });
    await db().tokenSet.updateMany({
      where: { authorization: { cloudProviderId: away } },
      data: { refreshedAt: inDays(-80) },
    });
    const found = await lines();
    expect(new Set(found.map(({ kind }) => kind)).size).toBe(4);
    expect(found.some(({ isLater, count }) => isLater && count > 1)).toBe(true);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(61);
    const like = { search: "", sort: "secretExpires", direction: "asc" } as const;
    for (const line of found) {
      const { from, to } = lineDays(line, inDays(60));
      const filter = { expires: line.kind as ExpiryKind, expiresFrom: from, expiresTo: to };
      const { rows, total } = await listCloudProviders(ada, { ...like, ...filter });
      const names = rows.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(line.expiries.map(({ provider }) => provider)));
      expect({ ...filter, count: total.count }).toEqual({ ...filter, count: line.count });
    }
  });

  test("is one for each kind and day, with the first five and the accounts that stop", async () => {
    for (let nth = 1; nth <= 7; nth += 1)
      await seedProvider({ name: `Many ${nth}`, accounts: nth, secretExpiresAt: inDays(5) });
    await seedProvider({ name: "One", accounts: 3, secretExpiresAt: inDays(3) });
    const id = await seedProvider({ name: "Gmail", accounts: 2, secretExpiresAt: inDays(5) });
    await db().cloudProvider.update({ where: { id }, data: { service: "google" } });
    const found = await lines();
    expect(found.map((line) => [lineTitle(line), line.isLater])).toEqual([
      ["Client secret of One expires", false],
      ["Replace the credential of Gmail", false],
      ["7 client secrets expire", false],
    ]);
    const [one, gmail, many] = found;
    expect(one?.expiries.map(expiryEffect)).toEqual(["Stops 3 accounts."]);
    expect(gmail?.expiries.map(expiryEffect)).toEqual(["It works until it is deleted at Google."]);
    expect(many?.expiries.map(({ accounts }) => accounts)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("the calendar", () => {
  const expiry: Expiry = {
    id: "secret-1",
    kind: "secret",
    at: new Date("2027-03-01T00:00:00Z"),
    cloudProviderId: "p",
    provider: "Contoso; Ümläut, \\ and 日本語".repeat(4),
    detail: "abc",
    accounts: 2,
    accountNames: ["Support\r\nBEGIN:VEVENT", "Sales"],
  };
  const options = {
    now: new Date("2026-11-25T04:05:06Z"),
    host: "postkey.example.com",
    urlOf: () => "https://postkey.example.com/x",
  };
  const unfolded = (ics: string) => ics.replace(/\r\n[ \t]/g, "").split("\r\n");

  test("has lines of 75 octets at the most that end in CRLF and join to whole characters", () => {
    const ics = toIcs([expiry], options);
    expect(ics.endsWith("END:VCALENDAR\r\n")).toBe(true);
    expect(ics.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    for (const line of ics.split("\r\n")) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toContain("\ufffd");
    }
    expect(ics).not.toContain("\ufffd");
  });

  test("has each expiry as a whole day with its id, its time and its text marked", () => {
    const lines = unfolded(toIcs([expiry], options));
    expect(lines).toContain("UID:secret-1@postkey.example.com");
    expect(lines).toContain("DTSTAMP:20261125T040506Z");
    expect(lines).toContain("DTSTART;VALUE=DATE:20270301");
    const summary = lines.find((line) => line.startsWith("SUMMARY:"));
    const marked = "Contoso\\; Ümläut\\, \\\\ and 日本語".repeat(4);
    expect(summary).toBe(`SUMMARY:Client secret of ${marked} expires`);
    // A name cannot begin a line, and so no component, of its own.
    expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(1);
  });
});
