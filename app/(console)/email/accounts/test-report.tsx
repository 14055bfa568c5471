import { Alert, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Can } from "@/components/can";
import { CopyForSupport } from "@/components/copy-field";
import { LinkButton } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { pageAt, routes } from "@/components/routes";
import { conclude, isFine, isOfToken, type NextStep, wayOf } from "@/lib/checks/conclusion";
import { reportText, SPEAKERS, serverSaid } from "@/lib/checks/report-text";
import type {
  Comparison,
  ExplainedProtocol,
  FullReport,
  TranscriptLine,
} from "@/lib/checks/schema";
import { PROTOCOL_NAMES } from "@/lib/egress/protocols/schema";
import { capital } from "@/lib/kernel/text/schema";
import { NextSteps } from "./next-steps";
import classes from "./test-report.module.css";
import { Stages } from "./test-stages";

type TestReportProps = {
  report: FullReport;
  took: ReactNode;
  again?: ReactNode;
  isPrimary?: boolean;
  toldAbove?: string | null;
};

export const PASSED_SINCE = "A later test passed.";
export const TEST_FRESH = "Test again with a fresh token";

export function TestReport(props: TestReportProps) {
  const { report, took, again, isPrimary = false, toldAbove = null } = props;
  const { protocols, token, isTokenFresh, comparison, passedSince = false } = report;
  const { text, steps: found } = conclude(protocols);
  const steps = passedSince ? [] : found;
  return (
    <Stack>
      <Conclusion text={text} color={colorOf(report, steps)}>
        {took}
        {isTokenFresh !== null && ` Used a ${isTokenFresh ? "fresh" : "cached"} token.`}
        {passedSince && ` ${PASSED_SINCE}`}
      </Conclusion>
      <NextSteps
        steps={steps.filter(({ remedyId }) => remedyId !== toldAbove)}
        isPrimary={isPrimary}
      />
      {steps.some(({ remedyId }) => remedyId === toldAbove) && (
        <Text>What to do about it is at the top of this page.</Text>
      )}
      <div>
        <Section title="Causes and all steps" isShown={steps.length > 0}>
          <Causes protocols={protocols} at={report.startedAt} />
        </Section>
        <Section title="Stages">
          <Stages
            stagesOf={(protocol) => protocols.find((each) => each.protocol === protocol)?.stages}
            reportOf={(protocol) => protocols.find((each) => each.protocol === protocol)}
          />
        </Section>
        <Section title="Transcript" isShown={protocols.some(({ transcript }) => transcript)}>
          <Transcripts protocols={protocols} />
        </Section>
        <Section title={tokenTitle(report)} isShown={token.length > 0}>
          <TokenTable report={report} />
        </Section>
        <Section title="Compared with the last successful test" isShown={comparison !== null}>
          {comparison && <Differences comparison={comparison} />}
        </Section>
      </div>
      <Group>
        {isTokenFresh === false && again}
        <CopyForSupport text={reportText(report)} label="Copy as text" />
      </Group>
    </Stack>
  );
}

/** Amber while there is nothing to be done but to wait. */
function colorOf({ protocols, passedSince }: FullReport, steps: readonly NextStep[]): string {
  if (passedSince) return "gray";
  if (protocols.every(({ verdict }) => isFine(verdict))) return "teal";
  return steps.length > 0 && steps.every(({ isWaitedFor }) => isWaitedFor) ? "yellow" : "red";
}

type ConclusionProps = { text: string; color: string; children?: ReactNode };

export function Conclusion({ text, color, children }: ConclusionProps) {
  return (
    <Alert color={color} role="status" aria-live="polite" title={text}>
      {children && <Text>{children}</Text>}
    </Alert>
  );
}

type SectionProps = { title: string; isShown?: boolean; children: ReactNode };

function Section({ title, isShown = true, children }: SectionProps) {
  if (!isShown) return null;
  return (
    <details className={classes.section}>
      <summary>{title}</summary>
      <div className={classes.body}>{children}</div>
    </details>
  );
}

function Causes({ protocols, at }: { protocols: ExplainedProtocol[]; at: Date }) {
  const causes = new Map<string, ExplainedProtocol[]>();
  for (const report of protocols)
    if (report.remedy)
      causes.set(report.remedy.id, [...(causes.get(report.remedy.id) ?? []), report]);
  return (
    <Stack>
      {[...causes].map(([id, reports]) => {
        const [first] = reports;
        if (!first?.remedy) return null;
        return (
          <div key={id}>
            <Text fw={600} mb={4}>
              {capital(reports.map(wayOf).join(", "))}
            </Text>
            <RemedyPanel remedy={first.remedy} detail={serverSaid(first)} at={at} />
          </div>
        );
      })}
    </Stack>
  );
}

function Transcripts({ protocols }: { protocols: ExplainedProtocol[] }) {
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        C is Postkey, S the mail server; times since the test began. Tokens and passwords are left
        out.
      </Text>
      {protocols.map(({ protocol, transcript }) =>
        transcript ? (
          <section key={protocol} aria-label={`Transcript of ${PROTOCOL_NAMES[protocol]}`}>
            <Text fw={600} mb={4}>
              {PROTOCOL_NAMES[protocol]}
            </Text>
            <ol className={classes.transcript}>{transcript.map(transcriptLine)}</ol>
          </section>
        ) : null,
      )}
    </Stack>
  );
}

function transcriptLine({ by, ms, text }: TranscriptLine, index: number) {
  return (
    <li key={`${index} ${ms}`} data-by={by}>
      <span className={classes.ms}>{ms} ms</span>
      <span className={classes.speaker}>{SPEAKERS[by]}</span>
      <span className={classes.said}>{text}</span>
    </li>
  );
}

/** Named only where it bears on the failure: elsewhere it misleads. */
function tokenTitle({ token, protocols }: FullReport): string {
  const missing = countMissing(token);
  const isTold = missing > 0 && isOfToken(protocols);
  return isTold ? `Token: ${missing} of ${token.length} missing` : "Token";
}

function countMissing(token: FullReport["token"]): number {
  return token.filter(({ isMet }) => !isMet).length;
}

function TokenTable({ report: { token, protocols } }: { report: FullReport }) {
  return (
    <>
      {countMissing(token) > 0 && !isOfToken(protocols) && (
        <Text mb="xs">What is missing here is not the cause of this result.</Text>
      )}
      <ReportTable columns={["What", "The servers need", "The token has", "Result"]}>
        {token.map(({ what, needs, has, isMet }) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{needs}</td>
            <td>{has}</td>
            <td data-met={isMet}>{isMet ? "ok" : "missing"}</td>
          </tr>
        ))}
      </ReportTable>
    </>
  );
}

function Differences({ comparison: { goodAt, differences } }: { comparison: Comparison }) {
  return (
    <Stack gap="xs">
      <Text>
        Everything worked <RelativeTime at={goodAt} />.
        {differences.length === 0 && " Nothing compared here has changed since."}
      </Text>
      {differences.length > 0 && (
        <ReportTable columns={["What", "Then", "In this test"]}>
          {differences.map(({ what, before, now }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{before}</td>
              <td>{now}</td>
            </tr>
          ))}
        </ReportTable>
      )}
    </Stack>
  );
}

function ReportTable({ columns, children }: { columns: readonly string[]; children: ReactNode }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column}>{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function FreshTestLink({ emailAccountId }: { emailAccountId: string }) {
  return (
    <Can permission="accounts:test">
      <LinkButton
        href={pageAt(`${routes.emailAccount(emailAccountId)}?test=fresh`)}
        size="compact-sm"
        variant="default"
      >
        {TEST_FRESH}
      </LinkButton>
    </Can>
  );
}
