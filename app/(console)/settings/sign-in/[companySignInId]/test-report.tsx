import { Alert, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { FactList } from "@/components/fact-list";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import type { TestReport as Report } from "@/lib/people/company/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";

export function TestReport({ report }: { report: Report | null }) {
  if (!report)
    return (
      <Text size="sm">
        Not tested yet. The test signs you in at the company once and shows what came back. It
        grants nothing.
      </Text>
    );
  const { at, byName, remedyId, detail, claims, outcome } = report;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        By {byName}, <RelativeTime at={at} />
      </Text>
      {remedyId ? (
        <RemedyPanel
          remedy={fillRemedy(findRemedy(remedyId), { companyAt: "its_page" })}
          detail={detail || null}
          at={at}
        />
      ) : (
        <Alert color="teal" icon={<IconCircleCheck size={18} />} title="The sign-in works.">
          {outcome}
        </Alert>
      )}
      {claims.length > 0 && (
        <details>
          <summary>Claims that came ({claims.length})</summary>
          <FactList facts={claims.map(({ name, value }) => ({ label: name, value }))} />
        </details>
      )}
    </Stack>
  );
}
