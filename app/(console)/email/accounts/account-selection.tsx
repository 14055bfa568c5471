"use client";

import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { lazy, type ReactNode, useState } from "react";
import { LazyMenu } from "@/components/lazy-menu";
import { LinkButton } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { RowSelection, type Selected, totalText } from "@/components/row-selection";
import { useAction } from "@/components/use-action";
import type { Selection } from "@/lib/email-accounts/bulk/schema";
import type { AccountFilters } from "@/lib/email-accounts/filters/schema";
import type { Page } from "@/lib/kernel/paging/schema";
import { BulkButton } from "./bulk-button";
import type { BulkWish } from "./bulk-wishes";
import { SELECTED } from "./selected";
import { startTestRunAction } from "./tests/actions";

const loadMenu = () => import("./bulk-menu-items");
const BulkMenuItems = lazy(async () => ({ default: (await loadMenu()).BulkMenuItems }));
const BulkDialog = dynamic(() => import("./bulk-dialog").then((module) => module.BulkDialog));

type AccountSelectionProps = {
  search: string;
  filters: AccountFilters;
  total: Page<unknown>["total"];
  /** The table with a box in each row. */
  children: ReactNode;
};

/** What can be done with many accounts: those that are ticked on any page, or all that the list shows. */
export function AccountSelection(props: AccountSelectionProps) {
  const { search, filters, total, children } = props;
  const [wish, setWish] = useState<{ wish: BulkWish; selected: Selected }>();
  const selectionOf = ({ isAll, values }: Selected): Selection =>
    isAll
      ? { accounts: "all", search, ...filters }
      : { accounts: "selected", emailAccountIds: values() };

  return (
    <>
      <RowSelection
        name={SELECTED}
        total={total}
        toolbar={(selected) => (
          <>
            <TestButtons
              selected={selected}
              selection={() => selectionOf(selected)}
              all={{ accounts: "all", search, ...filters }}
              total={total}
            />
            {selected.count > 0 && (
              <>
                <LazyMenu
                  label={`Change (${countText(selected, total)})`}
                  load={loadMenu}
                  button={BulkButton}
                >
                  <BulkMenuItems
                    count={countText(selected, total)}
                    onChoose={(chosen) => setWish({ wish: chosen, selected })}
                  />
                </LazyMenu>
                <Button size="compact-sm" variant="subtle" onClick={() => selected.keep([])}>
                  Clear
                </Button>
              </>
            )}
          </>
        )}
      >
        {children}
      </RowSelection>
      {wish && (
        <BulkDialog
          wish={wish.wish}
          selection={selectionOf(wish.selected)}
          count={wish.selected.isAll ? total : { count: wish.selected.count, isCapped: false }}
          names={wish.selected.names()}
          onDone={(left) => wish.selected.keep(left)}
          onClose={() => setWish(undefined)}
        />
      )}
    </>
  );
}

function countText({ isAll, count }: Selected, total: Page<unknown>["total"]): string {
  return isAll ? totalText(total) : count.toLocaleString("en");
}

type TestButtonsProps = {
  selected: Selected;
  selection: () => Selection;
  all: Selection & { accounts: "all" };
  total: Page<unknown>["total"];
};

function TestButtons({ selected, selection, all, total }: TestButtonsProps) {
  const router = useRouter();
  const { isBusy, run } = useAction();
  const start = (input: Selection) =>
    run(
      () => startTestRunAction(input),
      ({ id, leftOut }) => {
        if (leftOut > 0) notifySuccess(leftOutText(leftOut));
        router.push(routes.testRun(id));
      },
    );
  const { count } = selected;
  const look = { size: "compact-sm", variant: "default", loading: isBusy } as const;
  return (
    <>
      <Button
        {...look}
        disabled={count === 0}
        leftSection={<IconPlugConnected size={16} />}
        onClick={() => start(selection())}
      >
        Test selected{count > 0 && ` (${countText(selected, total)})`}
      </Button>
      <Button {...look} onClick={() => start(all)}>
        {isNarrowed(all) ? `Test all found (${totalText(total)})` : "Test all"}
      </Button>
      <LinkButton href={routes.testRuns} size="compact-sm" variant="subtle">
        Test runs
      </LinkButton>
    </>
  );
}

function isNarrowed({ accounts: _accounts, ...rest }: Selection & { accounts: "all" }): boolean {
  return Object.values(rest).some(Boolean);
}

function leftOutText(count: number): string {
  return count === 1
    ? "One inactive account is left out."
    : `${count.toLocaleString("en")} inactive accounts are left out.`;
}
