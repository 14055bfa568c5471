"use client";

import type { Selected } from "@/components/row-selection";
import type { Selection } from "@/lib/email-accounts/bulk/schema";
import { BulkDialog } from "./bulk-dialog";
import { BulkSignInDialog } from "./bulk-sign-in-dialog";
import type { BulkWish } from "./bulk-wishes";
import { TestManyDialog } from "./test-many-dialog";

export type ManyWish = BulkWish | "sign_in" | "test_many";

type ManyAccountsDialogProps = {
  wish: ManyWish;
  selected: Selected;
  selection: Selection;
  onClose: () => void;
};

export function ManyAccountsDialog({ wish, selected, ...props }: ManyAccountsDialogProps) {
  if (wish === "test_many") return <TestManyDialog {...props} />;
  if (wish === "sign_in") return <BulkSignInDialog {...props} onDone={() => selected.keep([])} />;
  return <BulkDialog {...props} wish={wish} names={selected.names()} onDone={selected.keep} />;
}
