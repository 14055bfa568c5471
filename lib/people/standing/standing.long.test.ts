import { expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { freshColleagues } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { anew } from "@/lib/testing/shared";
import { setAdministratorRole } from "../administrators/mutations";

withDatabase();

const bob = anew(() => freshColleagues("Ada"));

test("a decision about a person waits for a deed that takes longer than one wait for a lock", async () => {
  const where = { id: bob.id };
  const { deciding } = await db().$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT id FROM "Administrator" WHERE id = ${bob.id}::uuid FOR UPDATE`;
      const decided = setAdministratorRole(administrator(), { ...where, role: "viewer" });
      await tx.$executeRaw`SELECT pg_sleep(5)`;
      return { deciding: decided };
    },
    { timeout: 30_000 },
  );
  await deciding;
  expect(await db().administrator.findUniqueOrThrow({ where })).toMatchObject({ role: "viewer" });
});
