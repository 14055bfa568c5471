import { Text } from "@mantine/core";
import { RemedyPanel } from "@/components/remedy-panel";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import type { AuthorizationRow } from "@/lib/sign-ins/schema";
import { remedyFor } from "./remedy-for";

type FailuresProps = { provider: CloudProviderDetail; authorizations: AuthorizationRow[] };

/** What needs somebody, each cause once: of the registration first, then of those signed in. */
export function Failures({ provider, authorizations }: FailuresProps) {
  const byCause = new Map<string, AuthorizationRow[]>();
  for (const row of authorizations)
    if (row.failureId) byCause.set(row.failureId, [...(byCause.get(row.failureId) ?? []), row]);
  if (provider.failureId && !byCause.has(provider.failureId)) byCause.set(provider.failureId, []);
  return [...byCause].map(([failureId, rows]) => (
    <div key={failureId}>
      {rows.length > 0 && (
        <Text size="sm" fw={600} mb={4}>
          {rows.map((row) => row.username || row.displayName).join(", ")}
        </Text>
      )}
      <RemedyPanel
        remedy={remedyFor(
          failureId,
          provider,
          rows.flatMap(({ username }) => username || []),
        )}
        detail={rows[0]?.failureText}
        at={rows[0]?.failingSince ?? null}
      />
    </div>
  ));
}
