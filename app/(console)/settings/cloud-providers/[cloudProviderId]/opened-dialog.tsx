"use client";

import { useState } from "react";
import { useCan } from "@/components/can";
import { useWish } from "@/components/use-wish";
import {
  PROVIDER_DIALOGS,
  ProviderDialog,
  type ProviderDialogName,
  type ProviderDialogProps,
} from "../provider-dialog";

/** The window that the address asks for: `?open=secret`. Deleting is asked for by the menu alone. */
export function OpenedDialog(props: ProviderDialogProps) {
  const [dialog, setDialog] = useState<ProviderDialogName>();
  const can = useCan();
  useWish("open", (wish) => {
    if (!can("providers:write")) return;
    const asked = PROVIDER_DIALOGS.find((name) => name === wish && name !== "delete");
    setDialog(asked);
  });
  if (!dialog) return null;
  return <ProviderDialog {...props} dialog={dialog} onClose={() => setDialog(undefined)} />;
}
