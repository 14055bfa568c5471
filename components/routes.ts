import type { Route } from "next";

/**
 * The typed router loses the type of an address with an id or parameters in it on the way through a
 * component's `href`, so it is stated here: for the pages below, and for one of them with other parameters.
 */
export const pageAt = (href: string): Route => href as Route;

/** Addresses of pages with an id in them. */
export const routes = {
  cloudProvider: (id: string) => pageAt(`/settings/cloud-providers/${id}`),
  editCloudProvider: (id: string) => pageAt(`/settings/cloud-providers/${id}/edit`),
  /** The providers where something of a kind ends within these days. */
  ending: ({ kind, from, to }: { kind: string; from: string; to: string }) =>
    pageAt(
      `/settings/cloud-providers?expires=${kind}&expiresFrom=${from}&expiresTo=${to}&sort=secretExpires`,
    ),
  accountsOfProvider: (id: string) => pageAt(`/email/accounts?cloudProviderId=${id}`),
  emailAccounts: pageAt("/email/accounts"),
  /** What was created together from one file. */
  importedAccounts: (importId: string) => pageAt(`/email/accounts?importId=${importId}`),
  emailAccount: (id: string) => pageAt(`/email/accounts/${id}`),
  /** Tested as soon as it is shown. */
  testedEmailAccount: (id: string) => pageAt(`/email/accounts/${id}?test=now`),
  /** Just added: it is tested at once where it can be. */
  addedEmailAccount: (id: string) => pageAt(`/email/accounts/${id}?added=true`),
  /** Where people sign in at a provider. */
  signedIn: (cloudProviderId: string) =>
    pageAt(`/settings/cloud-providers/${cloudProviderId}#signed-in`),
  connectionTest: (emailAccountId: string, id: string) =>
    pageAt(`/email/accounts/${emailAccountId}/tests/${id}`),
  testRuns: pageAt("/email/accounts/tests"),
  testRun: (id: string) => pageAt(`/email/accounts/tests/${id}`),
  /** With the number of accounts that are not tested because they are inactive. */
  startedTestRun: ({ id, leftOut }: { id: string; leftOut: number }) =>
    pageAt(`/email/accounts/tests/${id}${leftOut > 0 ? `?leftOut=${leftOut}` : ""}`),
  accountsOfList: (contactListId: string) =>
    pageAt(`/email/accounts?contactListId=${contactListId}`),
  failedInTestRun: (testRunId: string) => pageAt(`/email/accounts?failedInTestRun=${testRunId}`),
  editEmailAccount: (id: string) => pageAt(`/email/accounts/${id}/edit`),
  signInLinksOfProvider: (cloudProviderId: string) =>
    pageAt(`/email/sign-in-links?cloudProviderId=${cloudProviderId}`),
  devices: pageAt("/email/devices"),
  device: (id: string) => pageAt(`/email/devices/${id}`),
  editDevice: (id: string) => pageAt(`/email/devices/${id}/edit`),
  moveAccount: (emailAccountId: string) => pageAt(`/email/migration/${emailAccountId}`),
  allContacts: pageAt("/contacts/all"),
  contactList: (id: string) => pageAt(`/contacts/${id}`),
  importContacts: (contactListId?: string) =>
    pageAt(`/contacts/import${contactListId ? `?list=${contactListId}` : ""}`),
  personalData: (contactId?: string) =>
    pageAt(`/contacts/privacy${contactId ? `?contact=${contactId}` : ""}`),
  alertChannel: (id: string) => pageAt(`/settings/alerts/${id}`),
  editAlertChannel: (id: string) => pageAt(`/settings/alerts/${id}/edit`),
  administrator: (id: string) => pageAt(`/settings/administrators/${id}`),
  companySignIn: (id: string) => pageAt(`/settings/sign-in/${id}`),
  editCompanySignIn: (id: string) => pageAt(`/settings/sign-in/${id}/edit`),
  incident: (id: string) => pageAt(`/incidents/${id}`),
  auditFold: (eventId: string) => pageAt(`/settings/audit?fold=${eventId}`),
  /** @param emailAccountId whose values the command has, and whose buttons are shown */
  remedy: (id: string, emailAccountId?: string) =>
    pageAt(
      `/help/errors/${encodeURIComponent(id)}${emailAccountId ? `?account=${emailAccountId}` : ""}`,
    ),
};
