import { Stack, Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import type { Comparison, FullReport } from "@/lib/checks/schema";
import classes from "./test-report.module.css";

export function tokenTitle({ token }: FullReport): string {
  const missing = token.filter(({ isMet }) => !isMet).length;
  return missing === 0 ? "Token" : `Token: ${missing} of ${token.length} missing`;
}

/** What the servers need of a token beside what it has. */
export function TokenTable({ needs }: { needs: FullReport["token"] }) {
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

/** What is not as it was when everything worked. */
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
