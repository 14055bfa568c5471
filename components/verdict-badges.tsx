import { Badge, Group } from "@mantine/core";
import { IconCheck, IconMinus, IconX } from "@tabler/icons-react";

type Verdict = "ok" | "failed" | "skipped" | "aborted" | null;

const LOOK = {
  ok: { color: "teal", icon: IconCheck, word: "works" },
  failed: { color: "red", icon: IconX, word: "failed" },
  skipped: { color: "gray", icon: IconMinus, word: "not tested" },
  aborted: { color: "gray", icon: IconMinus, word: "not finished" },
} as const;

/** The last verdict per protocol, by colour, symbol and name. */
export function VerdictBadges({
  imap,
  smtp,
  pop3,
}: {
  imap: Verdict;
  smtp: Verdict;
  pop3: Verdict;
}) {
  const verdicts = [
    ["IMAP", imap],
    ["SMTP", smtp],
    ["POP3", pop3],
  ] as const;
  return (
    <Group gap={4} wrap="nowrap">
      {verdicts.map(([name, verdict]) => {
        const { color, icon: Icon, word } = LOOK[verdict ?? "skipped"];
        return (
          <Badge
            key={name}
            size="sm"
            color={color}
            leftSection={<Icon size={11} stroke={3} aria-hidden />}
            title={`${name} ${word}`}
          >
            {name}
          </Badge>
        );
      })}
    </Group>
  );
}
