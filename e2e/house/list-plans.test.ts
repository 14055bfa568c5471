import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { administrator } from "@/lib/testing/actors";
import { forEach, idOf, testPlans } from "@/lib/testing/list-plans";

/* The list that grows, and its counts. The others are in list-plans.long.test.ts. */
const ada = administrator();
const accounts = (params: object) => listEmailAccounts(ada, params);
const GONE = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

testPlans("accounts", {
  accounts: [
    ...forEach("the view", listEmailAccounts.viewNames, (view) => accounts({ view })),
    ...forEach("sorted by", listEmailAccounts.sortNames, (sort) => accounts({ sort })),
    ["a provider", async () => accounts({ cloudProviderId: await idOf("CloudProvider") })],
    ["a delegate", () => accounts({ delegate: "dave@contoso.test" })],
    ["a service that none has", () => accounts({ service: "gmail" })],
    ["a server that none has", () => accounts({ server: "mail.one.test" })],
    ["a cause that few have", () => accounts({ failedWith: "AADSTS50173" })],
    ["a cause of failed tests", () => accounts({ failedWith: "AADSTS50173", view: "test_failed" })],
    ["a search", () => accounts({ search: "1999" })],
    ["a search that all have", () => accounts({ search: "contoso" })],
    ["a service that all have", () => accounts({ service: "outlook365" })],
    ["a cause", () => accounts({ failedWith: "AADSTS50173" })],
    ["one import", () => accounts({ importId: GONE })],
  ],
});
