"use client";

import { Alert, Button, Stack } from "@mantine/core";
import { Page } from "@/components/page";

/** Whatever a page could not handle: most often the database is away for a moment. */
export default function ConsoleError({ retry }: { error: Error; retry: () => void }) {
  return (
    <Page title="This page could not be loaded">
      <Stack maw="60ch" align="flex-start">
        <Alert color="red">
          Postkey or its database is busy or not responding. Nothing was lost. Another process keeps
          tokens alive in the meantime.
        </Alert>
        <Button onClick={retry}>Try again</Button>
      </Stack>
    </Page>
  );
}
