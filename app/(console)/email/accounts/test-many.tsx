"use client";

import { Button, Group } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState, useTransition } from "react";
import { LinkButton } from "@/components/links";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import type { Page } from "@/lib/paging/schema";
import type { StartTestRun } from "@/lib/test-runs/schema";
import { SELECTED } from "./selected";
import classes from "./test-many.module.css";
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
  const table = useRef<HTMLDivElement>(null);
  const [ticked, setTicked] = useState({ count: 0, isAll: false });
  const [isStarting, startTransition] = useTransition();

  // The rows are the server's: what is ticked stands in them alone.
  const boxes = () => [
    ...(table.current?.querySelectorAll<HTMLInputElement>(`input[name=${SELECTED}]`) ?? []),
  ];
  const chosen = () => boxes().filter(({ checked }) => checked);
  const count = () =>
    setTicked({ count: chosen().length, isAll: chosen().length === boxes().length });
  const tickAll = (isTicked: boolean) => {
    for (const box of boxes()) box.checked = isTicked;
    count();
  };
  const start = (input: StartTestRun) =>
    startTransition(async () => {
      const result = await startTestRunAction(input);
      if (!result.ok) return notifyProblem(result.error);
      const { id, leftOut } = result.data;
      if (leftOut > 0) notifySuccess(leftOutText(leftOut));
      router.push(routes.testRun(id));
    });

  return (
    <>
      <Group mb="sm" gap="sm">
        <label className={classes.all}>
          <input
            type="checkbox"
            checked={ticked.isAll}
            onChange={(event) => tickAll(event.currentTarget.checked)}
          />
          Select this page
        </label>
        <Button
          size="compact-sm"
          variant="default"
          disabled={ticked.count === 0}
          loading={isStarting}
          leftSection={<IconPlugConnected size={16} />}
          onClick={() =>
            start({ accounts: "selected", emailAccountIds: chosen().map(({ value }) => value) })
          }
        >
          Test selected{ticked.count > 0 && ` (${ticked.count})`}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          loading={isStarting}
          onClick={() => start({ accounts: "all", search })}
        >
          {allLabel(search, total)}
        </Button>
        <LinkButton href="/email/accounts/tests" size="compact-sm" variant="subtle">
          Test runs
        </LinkButton>
      </Group>
      <div ref={table} onChange={count}>
        {children}
      </div>
    </>
  );
}

function leftOutText(count: number): string {
  return count === 1
    ? "One account is not active, and is left out."
    : `${count.toLocaleString("en")} accounts are not active, and are left out.`;
}

function allLabel(search: string, { count, isCapped }: Page<unknown>["total"]): string {
  if (search === "") return "Test all";
  return `Test all found (${count.toLocaleString("en")}${isCapped ? "+" : ""})`;
}
