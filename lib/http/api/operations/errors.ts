import { z } from "zod";
import { searchRemedies } from "@/lib/checks/search-remedies";
import { AppError } from "@/lib/kernel/errors";
import { findRemedy, isKnown, placeholdersOf, templateOf } from "@/lib/remedies/catalogue";
import { type Entry, RETRY, type Remedy, SHELLS, WHO } from "@/lib/remedies/remedy";
import { defineOperation } from "../operation";

const tag = "Error catalogue";

const fields = {
  id: z.string(),
  title: z.string(),
  cause: z.string(),
  steps: z.array(z.string()).readonly(),
  who: z.enum(WHO),
  retry: z.enum(RETRY),
  command: z
    .object({
      shell: z.enum(SHELLS),
      text: z.string(),
    })
    .exactOptional(),
  link: z.object({ label: z.string(), url: z.string() }).exactOptional(),
  says: z.array(z.string()).readonly().exactOptional(),
  source: z.string().nullable(),
  isUnknown: z.literal(true).exactOptional(),
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

export const listErrorsOperation = defineOperation({
  id: "listErrors",
  method: "GET",
  path: "/api/errors",
  tag,
  summary: "The error catalogue",
  description:
    "It says nothing about this installation: commands and links have placeholders in braces, and `placeholders` says what each stands for.",
  permission: null,
  query: z.strictObject({
    search: z.string().max(10_000).default("").describe("A code, keywords, or a server response."),
  }),
  answer: {
    status: 200,
    description: "The matching entries, best first.",
    schema: z.object({ errors: z.array(templateSchema) }),
  },
  handle: async ({ query: { search } }) => ({
    errors: searchRemedies(search).map(withPlaceholders),
  }),
});

/** Microsoft adds numbers: one that the catalogue does not have yet still has an answer. */
const PLATFORM_NUMBER = /^AADSTS\d{4,8}$/;

export const getErrorOperation = defineOperation({
  id: "getError",
  method: "GET",
  path: "/api/errors/{remedyId}",
  tag,
  summary: "One entry of the error catalogue",
  permission: null,
  params: z.object({ remedyId: z.string().max(200) }),
  answer: {
    status: 200,
    description: "The error, with its cause and the steps that fix it.",
    schema: templateSchema,
  },
  async handle({ params: { remedyId } }) {
    if (!isKnown(remedyId) && !PLATFORM_NUMBER.test(remedyId))
      throw new AppError("not_found", "The error catalogue has no such entry.");
    return withPlaceholders(findRemedy(remedyId));
  },
});
