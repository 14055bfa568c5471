"use client";

import { Button, List, Text } from "@mantine/core";
import { Dialog } from "@/components/dialog";
import type { BulkResult as Result } from "@/lib/email-accounts/bulk/schema";
import { accountsText, type BulkWish } from "./bulk-wishes";

type BulkResultProps = { wish: BulkWish; result: Result; onClose: () => void };

const NAMED = 20;

/** What became of each account, where not all went as wanted. */
export function BulkResult({ wish, result, onClose }: BulkResultProps) {
  const { missing, refused } = result;
  return (
    <Dialog
      title="Not every account was changed"
      onClose={onClose}
      buttons={<Button onClick={onClose}>Close</Button>}
    >
      <Text size="sm">{changedText(wish, result)}</Text>
      {missing > 0 && (
        <Text size="sm">
          {accountsText(missing)} {missing === 1 ? "was" : "were"} deleted in the meantime.
        </Text>
      )}
      {refused.length > 0 && (
        <>
          <Text size="sm">
            {accountsText(refused.length)} could not be changed and{" "}
            {refused.length === 1 ? "stays" : "stay"} selected:
          </Text>
          <List size="sm">
            {refused.slice(0, NAMED).map(({ id, name, reason }) => (
              <List.Item key={id}>
                {name}: {reason}
              </List.Item>
            ))}
          </List>
          {refused.length > NAMED && (
            <Text size="sm">And {(refused.length - NAMED).toLocaleString("en")} more.</Text>
          )}
        </>
      )}
    </Dialog>
  );
}

export function changedText(wish: BulkWish, { changed, unchanged }: Result): string {
  const done = `${wish === "delete" ? "Deleted" : "Changed"} ${accountsText(changed)}.`;
  if (unchanged === 0) return done;
  return `${done} ${accountsText(unchanged)} ${unchanged === 1 ? "was" : "were"} like that already.`;
}
