import { Stack, Text } from "@mantine/core";
import { SPEAKERS } from "@/lib/checks/report-text";
import { type ExplainedProtocol, PROTOCOL_NAMES, type TranscriptLine } from "@/lib/checks/schema";
import classes from "./test-report.module.css";

/** What was said, by protocol. */
export function Transcripts({ protocols }: { protocols: ExplainedProtocol[] }) {
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        C is Postkey, S the mail server; times since the test began. Tokens and passwords are left
        out.
      </Text>
      {protocols.map(({ protocol, transcript }) =>
        transcript ? (
          <section key={protocol} aria-label={`Transcript of ${PROTOCOL_NAMES[protocol]}`}>
            <Text size="sm" fw={600} mb={4}>
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
