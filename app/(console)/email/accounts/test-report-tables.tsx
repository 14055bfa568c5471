import { Stack, Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import { isOfToken } from "@/lib/checks/conclusion";
import type { Comparison, FullReport } from "@/lib/checks/schema";
import classes from "./test-report.module.css";

/** Named only where it bears on the failure: elsewhere it misleads. */
export function tokenTitle({ token, protocols }: FullReport): string {
  const missing = countMissing(token);
  const isTold = missing > 0 && isOfToken(protocols);
  return isTold ? `Token: ${missing} of ${token.length} missing` : "Token";
}

function countMissing(token: FullReport["token"]): number {
  return token.filter(({ isMet }) => !isMet).length;
}

export function TokenTable({ report: { token, protocols } }: { report: FullReport }) {
  return (
    <>
      {countMissing(token) > 0 && !isOfToken(protocols) && (
        <Text size="sm" mb="xs">
          What is missing here is not the cause of this result.
        </Text>
      )}
      <NeedsTable needs={token} />
    </>
  );
}

function NeedsTable({ needs }: { needs: FullReport["token"] }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>What</th>
            <th>The servers need</th>
            <th>The token has</th>
            <th>Result</th>
          </tr>
        </thead>
        <tbody>
          {needs.map(({ what, needs: wanted, has, isMet }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{wanted}</td>
              <td>{has}</td>
              <td data-met={isMet}>{isMet ? "ok" : "missing"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Differences({ comparison: { goodAt, differences } }: { comparison: Comparison }) {
  return (
    <Stack gap="xs">
      <Text size="sm">
        Everything worked <RelativeTime at={goodAt} />.
        {differences.length === 0 && " Nothing compared here has changed since."}
      </Text>
      {differences.length > 0 && (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th>What</th>
                <th>Then</th>
                <th>In this test</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ what, before, now }) => (
                <tr key={what}>
                  <th scope="row">{what}</th>
                  <td>{before}</td>
                  <td>{now}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Stack>
  );
}
