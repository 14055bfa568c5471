"use client";

import { Button } from "@mantine/core";
import { IconLogin2, IconPlugConnected } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Can } from "@/components/can";
import type { MenuButtonProps } from "@/components/menu-button";
import { routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import { RowSelection, type Selected, totalText } from "@/components/row-selection";
import { useAction } from "@/components/use-action";
import type { Selection } from "@/lib/email-accounts/bulk/schema";
import type { AccountFilters } from "@/lib/email-accounts/filters/schema";
import type { Page } from "@/lib/kernel/paging/schema";
import type { ManyWish } from "./bulk-dialog";
import { type BulkWish, WISHES } from "./bulk-wishes";
import { SELECTED } from "./selected";
import { startTestRunAction } from "./tests/actions";

const ManyAccountsDialog = dynamic(() =>
  import("./bulk-dialog").then((module) => module.ManyAccountsDialog),
);

type AccountSelectionProps = {
  search: string;
  filters: AccountFilters;
  total: Page<unknown>["total"];
  /** Hides the bar; the dialog that emptied the list stays. */
  isEmpty: boolean;
  children: ReactNode;
};

export function AccountSelection(props: AccountSelectionProps) {
  const { search, filters, total, isEmpty, children } = props;
  const [wish, setWish] = useState<{ wish: ManyWish; selected: Selected }>();
  const all: Selection & { accounts: "all" } = { accounts: "all", search, ...filters };
  const selectionOf = ({ isAll, values }: Selected): Selection =>
    isAll ? all : { accounts: "selected", emailAccountIds: values() };
  return (
    <Can permission="accounts:test" otherwise={children}>
      {isEmpty ? (
        children
      ) : (
        <RowSelection
          name={SELECTED}
          total={total}
          toolbar={(selected) =>
            selected.count === 0 ? (
              // Inactive accounts are not tested in bulk.
              all.view !== "inactive" && (
                <TestButton
                  label={isNarrowed(all) ? `Test all found (${totalText(total)})` : "Test all"}
                  selection={() => all}
                  onMany={total.isCapped && (() => setWish({ wish: "test_many", selected }))}
                />
              )
            ) : (
              <SelectionButtons
                selected={selected}
                selection={() => selectionOf(selected)}
                count={countText(selected, total)}
                canTest={!(selected.isAll && filters.view === "inactive")}
                isMany={selected.isAll && total.isCapped}
                onWish={(chosen) => setWish({ wish: chosen, selected })}
              />
            )
          }
        >
          {children}
        </RowSelection>
      )}
      {wish && (
        <ManyAccountsDialog
          {...wish}
          selection={wish.wish === "test_many" ? all : selectionOf(wish.selected)}
          onClose={() => setWish(undefined)}
        />
      )}
    </Can>
  );
}

function countText({ isAll, count }: Selected, total: Page<unknown>["total"]): string {
  return isAll ? totalText(total) : count.toLocaleString("en");
}

const LOOK = { size: "compact-sm", variant: "default" } as const;
type SelectionButtonsProps = {
  selected: Selected;
  selection: () => Selection;
  count: string;
  canTest: boolean;
  isMany: boolean;
  onWish: (wish: ManyWish) => void;
};

function SelectionButtons(props: SelectionButtonsProps) {
  const { selected, selection, count, canTest, isMany, onWish } = props;
  return (
    <>
      {canTest && (
        <TestButton
          label={`Test selected (${count})`}
          selection={selection}
          onMany={isMany && (() => onWish("test_many"))}
        />
      )}
      <Button {...LOOK} leftSection={<IconLogin2 size={16} />} onClick={() => onWish("sign_in")}>
        Sign in ({count})
      </Button>
      <RowMenu
        label={`Change (${count})`}
        button={BulkButton}
        items={Object.entries(WISHES).map(([wish, { item }]) => ({
          label: item,
          isDangerous: wish === "delete",
          press: () => onWish(wish as BulkWish),
        }))}
      />
      <Button {...LOOK} onClick={() => selected.keep([])}>
        Clear
      </Button>
    </>
  );
}

type TestButtonProps = {
  label: string;
  selection: () => Selection;
  /** So many that the run is confirmed first. */
  onMany: (() => void) | false;
};

/** The keeper continues the run, whatever becomes of the page. */
function TestButton({ label, selection, onMany }: TestButtonProps) {
  const router = useRouter();
  const { isBusy, run } = useAction();
  const start = () =>
    run(
      () => startTestRunAction(selection()),
      (started) => router.push(routes.testRun(started.id)),
    );
  return (
    <Button
      {...LOOK}
      loading={isBusy}
      leftSection={<IconPlugConnected size={16} />}
      onClick={onMany || start}
    >
      {label}
    </Button>
  );
}

function isNarrowed({ accounts: _accounts, ...rest }: Selection & { accounts: "all" }): boolean {
  return Object.values(rest).some(Boolean);
}

function BulkButton({ label, isBusy, ...props }: MenuButtonProps) {
  const { color: _color, style: _style, disabled = false, ...rest } = props;
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-haspopup="menu"
      aria-expanded={false}
      loading={isBusy}
      disabled={disabled}
      {...rest}
    >
      {label}
    </Button>
  );
}
