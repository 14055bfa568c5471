import type { AccountsThatFail } from "./remedy";

export function failedAt({ testRunId, failedWith, cloudProviderId }: AccountsThatFail): string {
  const query = new URLSearchParams({
    ...(testRunId && { failedInTestRun: testRunId }),
    failedWith,
  });
  if (cloudProviderId) query.set("cloudProviderId", cloudProviderId);
  return `/email/accounts?${query}`;
}

export function pageOf(provider: { id: string } | undefined, place = ""): string | undefined {
  return provider && `/settings/cloud-providers/${provider.id}${place}`;
}

export function needingOf({ id }: { id: string }): string {
  return `/email/accounts?cloudProviderId=${id}&view=attention&sort=state`;
}
