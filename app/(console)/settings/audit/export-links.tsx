import { Button, ButtonGroup } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

/** What the filters let through, as a file. */
export function ExportLinks({ query }: { query: Record<string, string> }) {
  const href = (format: string) => `/api/auditEvents?${new URLSearchParams({ ...query, format })}`;
  return (
    <ButtonGroup>
      <Button
        component="a"
        href={href("csv")}
        download
        variant="default"
        leftSection={<IconDownload size={16} />}
      >
        CSV
      </Button>
      <Button component="a" href={href("jsonl")} download variant="default">
        JSON lines
      </Button>
    </ButtonGroup>
  );
}
