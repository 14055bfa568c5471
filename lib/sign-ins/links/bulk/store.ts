import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { counted } from "@/lib/kernel/text/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import { isOpenLink } from "../store";
import { selectedLinks } from "./queries";
import { type LinkSelection, MAX_REVOKED, tooManyLinks } from "./schema";

export type LockedLink = {
  id: string;
  username: string;
  cloudProviderId: string;
  providerName: string;
  grant: string;
  isOpen: boolean;
  isSignedIn: boolean;
};

type Asked = {
  selection: LinkSelection;
  expected?: number | undefined;
  /** As many may be changed at once. */
  max?: number;
};

/**
 * The links of a selection, locked in one order, so that two who change the same ones wait for each other
 * instead of in a ring.
 *
 * @throws AppError stale when a list shows another number than was seen, unprocessable when there are too many
 */
export async function lockSelectedLinks(
  tx: Transaction,
  { selection, expected, max = MAX_REVOKED }: Asked,
): Promise<{ links: LockedLink[]; missing: number }> {
  // Ends: More are refused, before anything is changed.
  const links = await tx.$queryRaw<LockedLink[]>`
    SELECT l.id, l.username, l."cloudProviderId", p.name AS "providerName", p."grant", ${isOpenLink} AS "isOpen",
      l."signedInAt" IS NOT NULL AS "isSignedIn"
    FROM "SignInLink" l JOIN "CloudProvider" p ON p.id = l."cloudProviderId"
    WHERE ${selectedLinks(selection)} ORDER BY l.id LIMIT ${max + 1} FOR UPDATE OF l`;
  if (links.length > max) throw new AppError("unprocessable", tooManyLinks(max));
  if (selection.links === "selected")
    return { links, missing: selection.signInLinkIds.length - links.length };
  if (expected !== undefined && expected !== links.length)
    throw anotherNumber(links.length, expected);
  return { links, missing: 0 };
}

function anotherNumber(count: number, expected: number): AppError {
  return new AppError(
    "stale",
    `The list shows ${counted(count, "link")} now, not ${expected.toLocaleString("en")}. Nothing was changed. Look at the list again, then repeat this.`,
    {
      forPrograms: `The selection has ${counted(count, "link")} now, not ${expected.toLocaleString("en")}. Nothing was changed. Read the list again, and send its number as \`expected\`.`,
    },
  );
}
