import type { Route } from "next";

/**
 * Addresses of pages with an id in them. The typed router loses their type on the way through a
 * component's `href`, so it is stated here, beside the shape of each.
 */
export const routes = {
  cloudProvider: (id: string) => `/settings/cloud-providers/${id}` as Route,
  editCloudProvider: (id: string) => `/settings/cloud-providers/${id}/edit` as Route,
  emailAccount: (id: string) => `/email/accounts/${id}` as Route,
  connectionTest: (emailAccountId: string, id: string) =>
    `/email/accounts/${emailAccountId}/tests/${id}` as Route,
  testRuns: "/email/accounts/tests" as Route,
  testRun: (id: string) => `/email/accounts/tests/${id}` as Route,
  failedInTestRun: (testRunId: string) => `/email/accounts?failedInTestRun=${testRunId}` as Route,
  editEmailAccount: (id: string) => `/email/accounts/${id}/edit` as Route,
  moveAccount: (emailAccountId: string) => `/email/migration/${emailAccountId}` as Route,
  allContacts: "/contacts/all" as Route,
  contactList: (id: string) => `/contacts/${id}` as Route,
  importContacts: (contactListId?: string) =>
    `/contacts/import${contactListId ? `?list=${contactListId}` : ""}` as Route,
  personalData: (contactId?: string) =>
    `/contacts/privacy${contactId ? `?contact=${contactId}` : ""}` as Route,
  alertChannel: (id: string) => `/settings/alerts/${id}` as Route,
  editAlertChannel: (id: string) => `/settings/alerts/${id}/edit` as Route,
  incident: (id: string) => `/incidents/${id}` as Route,
  remedy: (id: string) => `/help/errors/${encodeURIComponent(id)}` as Route,
};
