import { formatDuration } from "@/components/duration";
import { RelativeTime } from "@/components/relative-time";
import type { StoredReport } from "@/lib/checks/schema";
import { FreshTestLink } from "../fresh-test-link";
import { TestReport } from "../test-report";

/** The result of before, which a test that is started here replaces. */
type LastTestProps = {
  report: StoredReport;
  isPrimary?: boolean;
  /** The cause that the page tells above, with what to do. */
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
