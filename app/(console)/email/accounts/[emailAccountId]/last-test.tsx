import { formatDuration } from "@/components/duration";
import { RelativeTime } from "@/components/relative-time";
import type { StoredReport } from "@/lib/checks/schema";
import { TestReport } from "../test-report";

/** The result of before, which a test that is started here replaces. */
export function LastTest({ report }: { report: StoredReport }) {
  return (
    <TestReport
      report={report}
      took={
        <>
          Tested <RelativeTime at={report.startedAt} /> by {report.startedByName}. Took{" "}
          {formatDuration(report.durationMs)} in total.
        </>
      }
    />
  );
}
