import { z } from "zod";
import { searchRemedies } from "@/lib/checks/search-remedies";
import * as is from "@/lib/kernel/answers/schema";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { LIMIT_MAX } from "@/lib/kernel/paging/schema";
import { findRemedy, isKnown, placeholdersOf, templateOf } from "@/lib/remedies/catalogue";
import { type Entry, RETRY, type Remedy, SHELLS, WHO } from "@/lib/remedies/remedy";
import { ok, operationsOf, pageOf, wholePage } from "../operation";

const { define } = operationsOf("Error catalogue");

const fields = {
  id: is.text,
  title: is.text.describe("A short summary."),
  cause: is.text.describe("The cause."),
  steps: is.texts.readonly().describe("The steps that fix it, in order."),
  who: z.enum(WHO).describe("The person who can fix it."),
  retry: z.enum(RETRY).describe("If and when the same request may succeed later."),
  command: z
    .object({
      shell: z.enum(SHELLS).describe("The shell that the command is for."),
      text: is.text.describe("The text itself."),
    })
    .exactOptional()
    .describe("A command that fixes it."),
  link: z
    .object({
      label: is.text.describe("The title of the page."),
      url: is.text.describe("Its address."),
    })
    .exactOptional()
    .describe("The page for this step."),
  says: is.texts.readonly().exactOptional().describe("Messages of servers that mean this error."),
  source: is.maybeText.describe("The address of the documentation."),
  isUnknown: z
    .literal(true)
    .exactOptional()
    .describe("Present for numbers that the catalogue does not have yet."),
};

export const remedySchema: z.ZodType<Remedy, Remedy> = z.object(fields);

/** An entry that is about no one in particular: its command and its link are templates. */
const templateSchema = z.object({
  ...fields,
  placeholders: z
    .record(z.string(), z.string())
    .describe("The placeholders in braces in the command and the link, with their meanings."),
});

function withPlaceholders(entry: Entry) {
  return { ...templateOf(entry), placeholders: placeholdersOf(entry) };
}

export const listErrorsOperation = define({
  at: "listErrors: GET /api/errors",
  summary: "The error catalogue, a page at a time",
  description:
    "It says nothing about this installation: commands and links have placeholders in braces, and `placeholders` says what each stands for.",
  permission: null,
  query: z.strictObject({
    search: z.string().max(10_000).default("").describe("A code, keywords, or a server response."),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(50),
    after: z.string().max(200).optional(),
    before: z.string().max(200).optional(),
  }),
  answer: ok("The matching entries, best first.", pageOf(templateSchema)),
  async handle({ query: { search, limit, after, before } }) {
    const found = searchRemedies(search);
    const border = after ?? before;
    const at = found.findIndex(({ id }) => id === border);
    if (border !== undefined && at < 0)
      throw fieldError(after === undefined ? "before" : "after", "This page no longer exists.");
    const from = border !== undefined && after === undefined ? Math.max(0, at - limit) : at + 1;
    const rows = found.slice(from, from + limit).map(withPlaceholders);
    return {
      ...wholePage(found),
      rows,
      ...(from > 0 && { previous: rows[0]?.id }),
      ...(from + limit < found.length && { next: rows.at(-1)?.id }),
    };
  },
});

/** Microsoft adds numbers: one that the catalogue does not have yet still has an answer. */
const PLATFORM_NUMBER = /^AADSTS\d{4,8}$/;

export const getErrorOperation = define({
  at: "getError: GET /api/errors/{remedyId}",
  summary: "One entry of the error catalogue",
  permission: null,
  params: z.object({ remedyId: z.string().max(200) }),
  answer: ok("The error, with its cause and the steps that fix it.", templateSchema),
  async handle({ params: { remedyId } }) {
    if (!isKnown(remedyId) && !PLATFORM_NUMBER.test(remedyId))
      throw new AppError("not_found", "The error catalogue has no such entry.");
    return withPlaceholders(findRemedy(remedyId));
  },
});
