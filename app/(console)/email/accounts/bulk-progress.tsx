"use client";

import { Button, Text } from "@mantine/core";
import { Dialog } from "@/components/dialog";
import { counted } from "@/lib/kernel/text/schema";
import classes from "./bulk-progress.module.css";
import { BULK_WISHES, type BulkWish } from "./bulk-wishes";
import type { PartsProgress } from "./use-parts";

type BulkProgressProps = { wish: BulkWish; progress: PartsProgress; onStop: () => void };

/** How far a change of many accounts is, with what ends it between two parts. */
export function BulkProgress({ wish, progress, onStop }: BulkProgressProps) {
  const { done, total, isStopping } = progress;
  return (
    <Dialog
      title={`${BULK_WISHES[wish].verb}: ${counted(total, "account")}`}
      staysOpen
      onClose={onStop}
      buttons={
        <Button variant="default" disabled={isStopping} onClick={onStop}>
          {isStopping ? "Stopping …" : "Stop"}
        </Button>
      }
    >
      <div role="status">
        <progress className={classes.progress} value={done} max={total} aria-label="Done" />
        <Text size="sm" mt={6}>
          {done.toLocaleString("en")} of {total.toLocaleString("en")} done.
        </Text>
      </div>
      <Text size="sm" c="dimmed">
        Keep this page open. If you close it or Postkey restarts, the accounts that are done stay
        changed and the others stay as they are.
      </Text>
    </Dialog>
  );
}
