"use client";

import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { RowSelection, type Ticked } from "@/components/row-selection";
import { useAction } from "@/components/use-action";
import type { StartTestRun } from "@/lib/checks/runs/schema";
import type { Page } from "@/lib/kernel/paging/schema";
import { SELECTED } from "./selected";
import { startTestRunAction } from "./tests/actions";

type TestManyProps = {
  search: string;
  total: Page<unknown>["total"];
  /** The table with a box in each row. */
  children: ReactNode;
};

/** Tests what is ticked, or all that the list shows on all of its pages. */
export function TestMany({ search, total, children }: TestManyProps) {
  const router = useRouter();
  const { isBusy, run } = useAction();
  const start = (input: StartTestRun) =>
    run(
      () => startTestRunAction(input),
      ({ id, leftOut }) => {
        if (leftOut > 0) notifySuccess(leftOutText(leftOut));
        router.push(routes.testRun(id));
      },
    );
  const toolbar = ({ count, values }: Ticked) => (
    <>
      <Button
        size="compact-sm"
        variant="default"
        disabled={count === 0}
        loading={isBusy}
        leftSection={<IconPlugConnected size={16} />}
        onClick={() => start({ accounts: "selected", emailAccountIds: values() })}
      >
        Test selected{count > 0 && ` (${count})`}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        loading={isBusy}
        onClick={() => start({ accounts: "all", search })}
      >
        {allLabel(search, total)}
      </Button>
      <LinkButton href="/email/accounts/tests" size="compact-sm" variant="subtle">
        Test runs
      </LinkButton>
    </>
  );
  return (
    <RowSelection name={SELECTED} toolbar={toolbar}>
      {children}
    </RowSelection>
  );
}

function leftOutText(count: number): string {
  return count === 1
    ? "One inactive account is left out."
    : `${count.toLocaleString("en")} inactive accounts are left out.`;
}

function allLabel(search: string, { count, isCapped }: Page<unknown>["total"]): string {
  if (search === "") return "Test all";
  return `Test all found (${count.toLocaleString("en")}${isCapped ? "+" : ""})`;
}
