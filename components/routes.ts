import type { Route } from "next";

/** Through a component's `href`, the typed router loses addresses with ids or parameters. */
export const pageAt = (href: string): Route => href as Route;

export const routes = {
  cloudProvider: (id: string) => pageAt(`/settings/cloud-providers/${id}`),
  editCloudProvider: (id: string) => pageAt(`/settings/cloud-providers/${id}/edit`),
  ending: ({ kind, from, to }: { kind: string; from: string; to: string }) =>
    pageAt(
      `/settings/cloud-providers?expires=${kind}&expiresFrom=${from}&expiresTo=${to}&sort=secretExpires`,
    ),
  accountsOfProvider: (id: string) => pageAt(`/email/accounts?cloudProviderId=${id}`),
  emailAccounts: pageAt("/email/accounts"),
  accountsIn: (view: string) => pageAt(`/email/accounts?view=${view}`),
  importedAccounts: (importId: string) => pageAt(`/email/accounts?importId=${importId}`),
  emailAccount: (id: string) => pageAt(`/email/accounts/${id}`),
  testedEmailAccount: (id: string) => pageAt(`/email/accounts/${id}?test=now`),
  /** Fills in the form. */
  newEmailAccount: (values: { cloudProviderId?: string; emailAddress: string }) =>
    pageAt(`/email/accounts/new?${new URLSearchParams(values)}`),
  /** Tests at once if possible. */
  addedEmailAccount: (id: string) => pageAt(`/email/accounts/${id}?added=true`),
  signedIn: (cloudProviderId: string) =>
    pageAt(`/settings/cloud-providers/${cloudProviderId}#signed-in`),
  connectionTest: (emailAccountId: string, id: string) =>
    pageAt(`/email/accounts/${emailAccountId}/tests/${id}`),
  testRuns: pageAt("/email/accounts/tests"),
  testRun: (id: string) => pageAt(`/email/accounts/tests/${id}`),
  accountsOfList: (contactListId: string) =>
    pageAt(`/email/accounts?contactListId=${contactListId}`),
  failedInTestRun: (testRunId: string) => pageAt(`/email/accounts?failedInTestRun=${testRunId}`),
  leftOutOfTestRun: (testRunId: string) => pageAt(`/email/accounts?leftOutOfTestRun=${testRunId}`),
  editEmailAccount: (id: string) => pageAt(`/email/accounts/${id}/edit`),
  signInLinksOfProvider: (cloudProviderId: string) =>
    pageAt(`/email/sign-in-links?cloudProviderId=${cloudProviderId}`),
  devices: pageAt("/email/devices"),
  device: (id: string) => pageAt(`/email/devices/${id}`),
  editDevice: (id: string) => pageAt(`/email/devices/${id}/edit`),
  migration: pageAt("/email/migration"),
  smtpAuthReport: pageAt("/email/migration/report"),
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
  /** @param emailAccountId fills in commands and buttons */
  remedy: (id: string, emailAccountId?: string) =>
    pageAt(
      `/help/errors/${encodeURIComponent(id)}${emailAccountId ? `?account=${emailAccountId}` : ""}`,
    ),
};
