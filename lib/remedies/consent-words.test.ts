import { expect, test } from "vitest";
import { IDENTITY_SCOPES, requestedScopes } from "@/lib/oauth/microsoft/scopes";
import { findRemedy } from "./catalogue";

/** What the page for consent lists, in the words of the step that says what is asked for. */
const WORDS: Readonly<Record<string, string>> = {
  openid: "sign in",
  profile: "name",
  email: "address",
  offline_access: "stay signed in",
  "IMAP.AccessAsUser.All": "read, change",
  "POP.AccessAsUser.All": "read, change",
  "SMTP.Send": "send",
};

test("an owner who cancelled is told of everything that is asked for", () => {
  const [, told = ""] = findRemedy("AADSTS65004").steps;
  const mail = requestedScopes({ cloud: { scopeHost: "https://mail.test" } as never });
  const names = [...IDENTITY_SCOPES, ...mail.map((scope) => scope.split("/").at(-1) ?? "")];
  expect(names.toSorted()).toEqual(Object.keys(WORDS).toSorted());
  for (const name of names) expect(told).toContain(WORDS[name]);
});
