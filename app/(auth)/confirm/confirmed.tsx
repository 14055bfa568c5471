"use client";

import { Stack, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import { tellProven } from "@/components/proof-elsewhere";

/** The tab that asked continues by itself; this one closes if the browser allows it. */
export function Confirmed() {
  useEffect(() => {
    tellProven();
    window.close();
  }, []);
  return (
    <Stack>
      <Title order={1} size="h3">
        Confirmed
      </Title>
      <Text size="sm">Close this tab and continue in the other one.</Text>
    </Stack>
  );
}
