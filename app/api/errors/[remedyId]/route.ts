import { AppError } from "@/lib/errors";
import { defineRoute } from "@/lib/http/route";
import { findRemedy, isKnown } from "@/lib/remedies/catalogue";

export const dynamic = "force-dynamic";

/** Microsoft adds numbers: one that the catalogue does not have yet still has an answer. */
const PLATFORM_NUMBER = /^AADSTS\d{4,8}$/;

/** One entry of the error catalogue, by the `remedyId` of a failure. */
export const GET = defineRoute<{ remedyId: string }>(async ({ params: { remedyId } }) => {
  if (!isKnown(remedyId) && !PLATFORM_NUMBER.test(remedyId))
    throw new AppError("not_found", "The error catalogue has no such entry.");
  return Response.json(findRemedy(remedyId), { headers: { "cache-control": "no-store" } });
});
