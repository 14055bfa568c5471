import { expect, test } from "vitest";
import { COMPANY_ANSWER } from "@/lib/remedies/company-answer";
import { COMPANY_ATTEMPT } from "@/lib/remedies/company-attempt";
import { COMPANY_PERSON } from "@/lib/remedies/company-person";
import { COMPANY_PROVIDER } from "@/lib/remedies/company-provider";
import { refusalOf } from "./refusal";

/** Told of an incident, and in the settings: never to who was refused. */
const ELSEWHERE = new Set(["company.password_used", "company.issuer_taken"]);
const ALL = [...COMPANY_ANSWER, ...COMPANY_ATTEMPT, ...COMPANY_PERSON, ...COMPANY_PROVIDER];

test.each(ALL.map(({ id }) => id).filter((id) => !ELSEWHERE.has(id)))(
  "%s sends who was refused to no page that is closed to them",
  (refused) => {
    const { cause = "", steps = [] } = refusalOf({ refused }) ?? {};
    for (const text of [cause, ...steps])
      if (text.includes("Settings →")) expect(text).toMatch(/administrator/);
  },
);
