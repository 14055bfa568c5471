import { Badge } from "@/components/badge";
import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import classes from "@/components/table.module.css";
import { type AttemptRow, OUTCOMES } from "@/lib/access/devices/attempts/schema";

/** Sign-ins at the gateway, newest first, each with what it means. */
export function AttemptTable({ attempts }: { attempts: AttemptRow[] }) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>Result</th>
            <th>Protocol</th>
            <th>From</th>
            <th>When</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <tr key={attempt.id}>
              <td>
                <Result attempt={attempt} />
              </td>
              <td data-label="Protocol" className={classes.fit}>
                <span>
                  {attempt.protocol.toUpperCase()}
                  <span className={classes.second}>{attempt.tlsVersion ?? "no TLS"}</span>
                </span>
              </td>
              <td data-label="From" className={classes.fit}>
                <span>
                  {attempt.address}
                  {attempt.client && <span className={classes.second}>{attempt.client}</span>}
                </span>
              </td>
              <td data-label="When" className={classes.fit}>
                <RelativeTime at={attempt.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Result({ attempt: { outcome, remedyId, reply } }: { attempt: AttemptRow }) {
  const { label, advice, tone } = OUTCOMES[outcome];
  return (
    <div>
      <Badge tint={tone === "good" ? "teal" : "red"} icon={tone === "good" ? "check" : "x"}>
        {label}
      </Badge>
      {reply && <span className={`${classes.second} ${classes.code}`}>{reply}</span>}
      <span className={classes.second}>
        {advice}
        {remedyId && (
          <>
            {" "}
            <InlineLink href={routes.remedy(remedyId)}>What to do</InlineLink>
          </>
        )}
      </span>
    </div>
  );
}
