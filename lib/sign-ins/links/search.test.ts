import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { findSelectedLinks } from "./bulk/queries";
import { countSignInLinkViews, listSignInLinks } from "./queries";

withDatabase();
const ada = administrator();

beforeAll(async () => {
  for (const name of ["Contoso", "Fabrikam"]) {
    const cloudProviderId = await seedProvider({ name, accounts: 0 });
    await db().signInLink.createMany({
      data: ["dave", "erin"].map((person) => ({
        id: randomUUID(),
        cloudProviderId,
        createdByName: "Ada",
        username: `${person}@mail.test`,
        usernameKey: `${person}@mail.test`,
        tokenHash: randomUUID(),
        expiresAt: new Date(Date.now() + HOUR_MS),
      })),
    });
  }
});

const ROW = { sort: "created", direction: "desc" } as const;

test.each([
  ["a provider", "FABRI", ["dave@mail.test Fabrikam", "erin@mail.test Fabrikam"]],
  ["a person", "erin", ["erin@mail.test Contoso", "erin@mail.test Fabrikam"]],
  ["nothing", "%", []],
])(
  "a search for %s finds its links, counts them and selects them",
  async (_what, search, links) => {
    const { rows, total } = await listSignInLinks(ada, { ...ROW, search });
    expect(rows.map(({ username, providerName }) => `${username} ${providerName}`).sort()).toEqual(
      links,
    );
    expect(total.count).toBe(links.length);
    expect((await findSelectedLinks(ada, { links: "all", search })).count).toBe(links.length);
    const counts = await countSignInLinkViews(ada, { search });
    expect(counts.find(({ view }) => view === "waiting")?.count).toBe(links.length);
  },
);
