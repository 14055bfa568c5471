import { formatDuration } from "@/components/duration";
import { RelativeTime } from "@/components/relative-time";
import type { StoredReport } from "@/lib/checks/schema";
import { FreshTestLink } from "../fresh-test-link";
import { TestReport } from "../test-report";

type LastTestProps = {
  report: StoredReport;
  isPrimary?: boolean;
  toldAbove?: string | null;
};

export function LastTest({ report, isPrimary = false, toldAbove = null }: LastTestProps) {
  return (
    <TestReport
      report={report}
      isPrimary={isPrimary}
      toldAbove={toldAbove}
      again={<FreshTestLink emailAccountId={report.emailAccountId} />}
      took={
        <>
          Tested <RelativeTime at={report.startedAt} /> by {report.startedByName}. Took{" "}
          {formatDuration(report.durationMs)} in total.
        </>
      }
    />
  );
}
