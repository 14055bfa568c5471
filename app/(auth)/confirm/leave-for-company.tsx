"use client";

import { Group, Loader, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { goToCompany } from "@/components/go-to-company";
import type { CompanyButton } from "@/lib/access/company/schema";

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
      <Text size="sm">Going to {name}. Sign in there again.</Text>
    </Group>
  );
}
