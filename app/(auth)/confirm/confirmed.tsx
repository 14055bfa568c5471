"use client";

import { Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import { goToCompany } from "@/components/go-to-company";
import { tellProven } from "@/components/proof";
import type { CompanyButton } from "@/lib/people/company/schema";

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
      <Text>Close this tab and continue in the other one.</Text>
    </Stack>
  );
}

export function LeaveForCompany({ slug, name }: CompanyButton) {
  const hasLeft = useRef(false);
  useEffect(() => {
    if (hasLeft.current) return;
    hasLeft.current = true;
    void goToCompany(slug, { purpose: "proof" });
  }, [slug]);
  return (
    <Group gap="sm">
      <Loader size="sm" aria-hidden />
      <Text>Going to {name}. Sign in there again.</Text>
    </Group>
  );
}
