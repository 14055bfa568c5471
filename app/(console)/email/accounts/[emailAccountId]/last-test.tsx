import { formatDuration } from "@/components/duration";
import { RelativeTime } from "@/components/relative-time";
import type { StoredReport } from "@/lib/checks/schema";
import { TestReport } from "../test-report";

/** The result of before, which a test that is started here replaces. */
type LastTestProps = { report: StoredReport; isPrimary?: boolean };

export function LastTest({ report, isPrimary = false }: LastTestProps) {
  return (
    <TestReport
      report={report}
      isPrimary={isPrimary}
      took={
        <>
          Tested <RelativeTime at={report.startedAt} /> by {report.startedByName}. Took{" "}
          {formatDuration(report.durationMs)} in total.
        </>
      }
    />
  );
}
