import { Can } from "@/components/can";
import { formatDuration } from "@/components/duration";
import { LinkButton } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { pageAt, routes } from "@/components/routes";
import type { StoredReport } from "@/lib/checks/schema";
import { TEST_FRESH, TestReport } from "../test-report";

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
      again={
        <Can permission="accounts:test">
          <LinkButton
            href={pageAt(`${routes.emailAccount(report.emailAccountId)}?test=fresh`)}
            size="compact-sm"
            variant="default"
          >
            {TEST_FRESH}
          </LinkButton>
        </Can>
      }
      took={
        <>
          Tested <RelativeTime at={report.startedAt} /> by {report.startedByName}. Took{" "}
          {formatDuration(report.durationMs)} in total.
        </>
      }
    />
  );
}
