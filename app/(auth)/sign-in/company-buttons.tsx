"use client";

import { Button, Stack } from "@mantine/core";
import type { Route } from "next";
import { useState } from "react";
import { goToCompany } from "@/components/go-to-company";
import type { CompanyButton } from "@/lib/access/company/schema";

type CompanyButtonsProps = { buttons: CompanyButton[]; from: Route; isPrimary: boolean };

export function CompanyButtons({ buttons, from, isPrimary }: CompanyButtonsProps) {
  const [busy, setBusy] = useState<string | null>(null);
  const go = (slug: string) => {
    setBusy(slug);
    goToCompany(slug, { purpose: "sign_in", callbackUrl: from }).catch(() => setBusy(null));
  };
  return (
    <Stack>
      {buttons.map(({ slug, name }) => (
        <Button
          key={slug}
          variant={isPrimary ? "filled" : "default"}
          loading={busy === slug}
          onClick={() => go(slug)}
        >
          Sign in with {name}
        </Button>
      ))}
    </Stack>
  );
}
