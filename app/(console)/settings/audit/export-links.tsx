"use client";

import { Button, ButtonGroup } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import { leaveFor, useAction } from "@/components/use-action";
import { requireProofAction } from "../../proof-actions";

export function ExportLinks({ query }: { query: Record<string, string> }) {
  const { run } = useAction();
  const linkTo = (format: string) => {
    const href = `/api/auditEvents?${new URLSearchParams({ ...query, format })}`;
    const download = (event: MouseEvent) => {
      event.preventDefault();
      run(
        () => requireProofAction({}),
        () => leaveFor(href),
      );
    };
    return { href, onClick: download };
  };
  return (
    <ButtonGroup>
      <Button
        component="a"
        {...linkTo("csv")}
        download
        variant="default"
        leftSection={<IconDownload size={16} />}
      >
        CSV
      </Button>
      <Button component="a" {...linkTo("jsonl")} download variant="default">
        JSON lines
      </Button>
    </ButtonGroup>
  );
}
